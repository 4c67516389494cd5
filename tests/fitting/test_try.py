import numpy as np
from funnelsim.fitting import *
from funnelsim.report.page import plain_text
def test_x(write, queue, stages, arrivals, capsys):
    rng=np.random.default_rng(1)
    import time
    def show(f): 
        with capsys.disabled(): print(plain_text(f.sections)); print(f.lines); print()
    t,n=queue
    with capsys.disabled(): print(len(t), np.diff(t).mean(), n[:5])
    clock=lambda s: f"{int(s)//3600:02d}:{int(s)//60%60:02d}:{int(s)%60:02d}"
    for f in (write("time",[clock(x) for x in t]), ):
        t0=time.time(); show(fit_headways(f,99,rng)); print(time.time()-t0)
    t0=time.time(); show(fit_headways(write("time,class",[f"{clock(x)},{c}" for x,c in zip(t,n)]),99,rng));
    with capsys.disabled(): print(time.time()-t0)
    d,n,o=stages
    with capsys.disabled(): print(len(d))
    t0=time.time();show(fit_stage(write("duration_s,class,occupants",[f"{round(x)},{c},{k}" for x,c,k in zip(d,n,o)]),99,rng))
    with capsys.disabled(): print(time.time()-t0)
    t0=time.time();show(fit_look(write("duration_s,note",[f"{round(x)},x" for x in rng.lognormal(np.log(2),.3,80)]),99,rng))
    with capsys.disabled(): print(time.time()-t0)
    for k,l,v in (("bunched",1,600),("bunched",2,1200),("poisson",1,600)):
        t0=time.time();show(fit_arrivals(arrivals(k,l,v),99,rng))
        with capsys.disabled(): print(time.time()-t0)
