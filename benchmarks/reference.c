/* The lane and the area of the motorway scenario in plain C: what the compiled engine's loop is held against.
 *
 * It knows what that scenario has and nothing else: one funnel, one window, no exit, a rolling look by one officer,
 * selection by score, a safety valve, an area that waves through, stages with crews and equipment, the roster's steps
 * and breaks.
 * What the dice decide is handed in. It writes the log that the engine writes, equal to the bit.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

enum { OUTSIDE = 0, NOT_SELECTED = 3, IS_SUSPENDED = 4, POST_UNSTAFFED = 5, AREA_FULL = 6, INSPECTED = 7 };
enum { NO_FUNNEL, GATE_OPEN, UNSTAFFED, SUSPENDED, GATE_LIFTED };
enum { VALVE_OPEN, VALVE_SUSPENDED, VALVE_LIFTED };
enum { ROSTER_STEP = 1, STAGE_END = 2, BREAK_END = 3, SELECTION_POINT = 6, AREA_ARRIVAL = 7 };
enum { BAY, CREW, SOON = 4096 };
#define GRID 1048576.0
#define MOST_POOLS 64
#define KIND ((int64_t)1 << 40)

typedef struct {
    /* the plan */
    int64_t lanes, bays, waiting, stages, classes, pools, duty_steps, roster_steps, breaks;
    double lane_length_m, road_speed_ms, wave_speed_ms, lane_speed_ms, headway_factor, through_s, divert_s;
    double suspend_at_m, resume_at_m, lift_at_m, opens_s, last_selection_s, closes_s, begins_s;
    const double *reaction_s, *spacing_m, *diversion_s, *cutoff, *duty_s, *roster_s, *break_from_s, *break_to_s, *shift_ends_s;
    const int64_t *staffed, *capacity, *need, *applies, *after_alarm, *break_pool, *break_officers;
    /* the traffic, and by vehicle and stage what the dice say */
    int64_t vehicles;
    const int64_t *kind;
    const double *free_s, *noise, *look_s, *score, *duration_s;
    const uint8_t *alarms, *finds;
    /* the log */
    double *arrival_s, *baseline_s, *passed_s, *joined_s, *tail_m, *threshold;
    double *area_s, *bay_from_s, *bay_to_s, *left_s, *stage_from_s, *stage_to_s, *valve_s;
    int64_t *gate, *fate, *found_at, *stage_vehicle, *stage, *valve;
    uint8_t *accepted;
    int64_t stages_done, valve_changes;
    /* room to work in */
    double *funnel_headway_s, *road_headway_s, *spacing_up_to_m, *moment_s, *begun_s;
    int64_t *moment_rank, *turn, *at_stage, *for_crew, *for_bay, *used, *on_break, *due, *due_of, *soon;
    uint8_t *alarmed;
} Day;

typedef struct {
    int64_t moments, taken, free_bays, turns, roster_step, for_crew, asked, given, soon, soon_done, next_break;
} State;

static inline double on_grid(double time_s) { return floor(time_s * GRID + 0.5) / GRID; }
static inline double later(double a, double b) { return a > b ? a : b; }
static inline double earlier(double a, double b) { return a < b ? a : b; }
static inline int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }
static inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int before(double s, int64_t rank, double other_s, int64_t other) {
    return s < other_s || (s == other_s && rank < other);
}

static inline void schedule(Day *d, State *a, double time_s, int64_t kind, int64_t vehicle) {
    int64_t rank = kind * KIND + vehicle, place = a->moments++;
    while (place > 0) {
        int64_t above = (place - 1) >> 1;
        if (before(d->moment_s[above], d->moment_rank[above], time_s, rank)) break;
        d->moment_s[place] = d->moment_s[above];
        d->moment_rank[place] = d->moment_rank[above];
        place = above;
    }
    d->moment_s[place] = time_s;
    d->moment_rank[place] = rank;
}

static inline void drop_next(Day *d, State *a) {
    int64_t count = --a->moments, rank = d->moment_rank[count], place = 0, below;
    double time_s = d->moment_s[count];
    while ((below = 2 * place + 1) < count) {
        if (below + 1 < count &&
            before(d->moment_s[below + 1], d->moment_rank[below + 1], d->moment_s[below], d->moment_rank[below]))
            below++;
        if (before(time_s, rank, d->moment_s[below], d->moment_rank[below])) break;
        d->moment_s[place] = d->moment_s[below];
        d->moment_rank[place] = d->moment_rank[below];
        place = below;
    }
    d->moment_s[place] = time_s;
    d->moment_rank[place] = rank;
}

static inline void at_once(Day *d, State *a, int64_t what, int64_t who) {
    d->soon[a->soon] = what * KIND + who;
    a->soon = (a->soon + 1) % SOON;
}

static void dispatch(Day *d, State *a) {
    int64_t still = 0, kept[MOST_POOLS] = {0};
    for (int64_t entry = 0; entry < a->for_crew; entry++) {
        int64_t vehicle = d->for_crew[entry], free = 1;
        const int64_t *need = d->need + d->at_stage[vehicle] * d->pools;
        const int64_t *capacity = d->capacity + a->roster_step * d->pools;
        for (int64_t p = 0; p < d->pools; p++)
            free &= need[p] == 0 || (kept[p] == 0 && d->used[p] + need[p] <= capacity[p]);
        if (free) {
            for (int64_t p = 0; p < d->pools; p++) d->used[p] += need[p];
            at_once(d, a, CREW, vehicle);
        } else {
            for (int64_t p = 0; p < d->pools; p++) kept[p] += need[p];
            d->for_crew[still++] = vehicle;
        }
    }
    a->for_crew = still;
}

static void be_away(Day *d, State *a, int64_t pool, int64_t officers, double until_s) {
    d->on_break[pool] += officers;
    schedule(d, a, until_s, BREAK_END, officers * d->pools + pool);
}

static void begin_breaks(Day *d, State *a, double now_s) {
    for (int64_t b = 0; b < d->breaks; b++)
        if (d->shift_ends_s[b] <= now_s) {
            d->due[d->break_pool[b]] -= d->due_of[b];
            d->due_of[b] = 0;
        }
    for (; a->next_break < d->breaks && d->break_from_s[a->next_break] <= now_s; a->next_break++) {
        int64_t b = a->next_break, p = d->break_pool[b], officers = d->break_officers[b];
        int64_t idle = d->capacity[a->roster_step * d->pools + p] - d->used[p], kept;
        if (d->break_to_s[b] <= now_s) continue;
        kept = most(0, least(officers - most(0, idle), d->used[p] - d->on_break[p] - d->due[p]));
        d->due_of[b] = kept;
        d->due[p] += kept;
        d->used[p] += officers - kept;
        be_away(d, a, p, officers - kept, d->break_to_s[b]);
    }
}

static void give_back(Day *d, State *a, int64_t stage, double begun_s, double now_s) {
    for (int64_t p = 0; p < d->pools; p++) {
        int64_t need = d->need[stage * d->pools + p], left = need;
        for (int64_t b = 0; d->due[p] > 0 && b < d->breaks; b++) {
            if (d->break_pool[b] != p || begun_s >= d->break_from_s[b] || !least(left, d->due_of[b])) continue;
            int64_t going = least(left, d->due_of[b]);
            double lasts_s = d->break_to_s[b] - d->break_from_s[b];
            d->due_of[b] -= going;
            d->due[p] -= going;
            left -= going;
            be_away(d, a, p, going, earlier(now_s + lasts_s, d->shift_ends_s[b]));
        }
        d->used[p] -= left;
    }
}

static void ask_for(Day *d, State *a, int64_t vehicle, int64_t stage) {
    int64_t place = a->for_crew++;
    d->at_stage[vehicle] = stage;
    for (; place > 0 && d->turn[d->for_crew[place - 1]] > d->turn[vehicle]; place--)
        d->for_crew[place] = d->for_crew[place - 1];
    d->for_crew[place] = vehicle;
    dispatch(d, a);
}

static void leave(Day *d, State *a, int64_t vehicle, double now_s) {
    d->left_s[vehicle] = d->bay_to_s[vehicle] = now_s;
    if (a->given < a->asked)
        at_once(d, a, BAY, d->for_bay[a->given++]);
    else
        a->free_bays++;
    a->taken--;
    dispatch(d, a);
}

static void go_on(Day *d, State *a, int64_t vehicle, int64_t stage, double now_s) {
    int64_t last = d->stages - 1; /* what follows a detection */
    while (stage < last && !(d->applies[stage * d->classes + d->kind[vehicle]] &&
                             (d->alarmed[vehicle] || !d->after_alarm[stage])))
        stage++;
    if (stage < last)
        ask_for(d, a, vehicle, stage);
    else
        leave(d, a, vehicle, now_s);
}

static void end_stage(Day *d, State *a, int64_t vehicle, double now_s) {
    int64_t stage = d->at_stage[vehicle], last = d->stages - 1, done = d->stages_done++;
    give_back(d, a, stage, d->begun_s[vehicle], now_s);
    d->stage_vehicle[done] = vehicle;
    d->stage[done] = stage;
    d->stage_from_s[done] = d->begun_s[vehicle];
    d->stage_to_s[done] = now_s;
    if (stage == last) {
        leave(d, a, vehicle, now_s);
        return;
    }
    d->alarmed[vehicle] |= d->alarms[vehicle * d->stages + stage];
    if (!d->finds[vehicle * d->stages + stage]) {
        go_on(d, a, vehicle, stage + 1, now_s);
        return;
    }
    d->found_at[vehicle] = stage;
    if (d->applies[last * d->classes + d->kind[vehicle]])
        ask_for(d, a, vehicle, last);
    else
        leave(d, a, vehicle, now_s);
}

static void happen(Day *d, State *a) {
    double now_s = d->moment_s[0];
    int64_t kind = d->moment_rank[0] / KIND, vehicle = d->moment_rank[0] % KIND;
    drop_next(d, a);
    if (kind == STAGE_END)
        end_stage(d, a, vehicle, now_s);
    else if (kind == AREA_ARRIVAL) {
        d->area_s[vehicle] = now_s;
        if (a->free_bays > 0) {
            a->free_bays--;
            at_once(d, a, BAY, vehicle);
        } else
            d->for_bay[a->asked++] = vehicle;
    } else if (kind == BREAK_END) {
        d->on_break[vehicle % d->pools] -= vehicle / d->pools;
        d->used[vehicle % d->pools] -= vehicle / d->pools;
        dispatch(d, a);
    } else {
        a->roster_step++;
        begin_breaks(d, a, now_s);
        dispatch(d, a);
        if (a->roster_step + 1 < d->roster_steps) schedule(d, a, d->roster_s[a->roster_step + 1], ROSTER_STEP, 0);
    }
    while (a->soon_done != a->soon) {
        int64_t entry = d->soon[a->soon_done], who = entry % KIND;
        a->soon_done = (a->soon_done + 1) % SOON;
        if (entry / KIND == BAY) {
            d->bay_from_s[who] = now_s;
            go_on(d, a, who, 0, now_s);
        } else {
            d->begun_s[who] = now_s;
            schedule(d, a, now_s + d->duration_s[who * d->stages + d->at_stage[who]], STAGE_END, who);
        }
    }
}

static inline void advance_tail(Day *d, double now_s, int64_t passing, int64_t *newest, int64_t *foot) {
    double slowness = 1.0 / d->wave_speed_ms + 1.0 / d->road_speed_ms, upstream_m, distance_m;
    while (*newest + 1 < d->vehicles) {
        int64_t v = *newest + 1, f = *foot;
        for (;; f++) {
            double metres = d->spacing_up_to_m[v] - d->spacing_up_to_m[f];
            upstream_m = (metres - d->lane_length_m) / d->lanes;
            distance_m = upstream_m <= 0.0 ? metres : d->lane_length_m + upstream_m;
            if (f >= passing || f >= v || d->passed_s[f] + distance_m * slowness > d->free_s[v]) break;
        }
        *foot = f;
        double meets_s = on_grid(d->free_s[v] - distance_m / d->road_speed_ms);
        if (meets_s > now_s) break;
        d->joined_s[v] = v == 0 || meets_s > d->joined_s[v - 1] ? meets_s : d->joined_s[v - 1];
        d->tail_m[v] = upstream_m > 0.0 ? upstream_m : 0.0;
        *newest = v;
    }
}

static void set_up(Day *d, State *a) {
    int64_t n = d->vehicles;
    d->stages_done = d->valve_changes = 0;
    d->spacing_up_to_m[0] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        d->threshold[i] = d->area_s[i] = d->bay_from_s[i] = d->bay_to_s[i] = d->left_s[i] = INFINITY;
        d->passed_s[i] = d->joined_s[i] = INFINITY;
        d->tail_m[i] = 0.0;
        d->gate[i] = NO_FUNNEL;
        d->fate[i] = OUTSIDE;
        d->found_at[i] = -1;
        d->accepted[i] = d->alarmed[i] = 0;
        d->arrival_s[i] = d->free_s[i] + d->through_s;
        d->spacing_up_to_m[i + 1] = d->spacing_up_to_m[i] + d->spacing_m[d->kind[i]];
    }
    d->funnel_headway_s[0] = d->road_headway_s[0] = 0.0;
    d->baseline_s[0] = d->free_s[0];
    for (int64_t i = 1; i < n; i++) {
        double reaction_s = d->reaction_s[d->kind[i]], leader_m = d->spacing_m[d->kind[i - 1]];
        double lane_s = (reaction_s + leader_m / d->lane_speed_ms) * (d->noise[i] * d->headway_factor);
        double road_s = (reaction_s + leader_m / d->road_speed_ms) * d->noise[i] / d->lanes;
        d->funnel_headway_s[i] = on_grid(later(lane_s, road_s));
        d->road_headway_s[i] = on_grid(road_s);
        d->baseline_s[i] = later(d->free_s[i], d->baseline_s[i - 1] + d->road_headway_s[i]);
    }
    memset(a, 0, sizeof *a);
    memset(d->used, 0, d->pools * sizeof *d->used);
    memset(d->on_break, 0, d->pools * sizeof *d->on_break);
    memset(d->due, 0, d->pools * sizeof *d->due);
    memset(d->due_of, 0, d->breaks * sizeof *d->due_of);
    a->free_bays = d->bays;
    a->roster_step = -1;
    while (a->roster_step + 1 < d->roster_steps && d->roster_s[a->roster_step + 1] <= d->begins_s) a->roster_step++;
    begin_breaks(d, a, d->begins_s);
    if (a->roster_step + 1 < d->roster_steps) schedule(d, a, d->roster_s[a->roster_step + 1], ROSTER_STEP, 0);
}

void simulate(Day *d) {
    State state, *a = &state;
    int64_t newest = -1, foot = 0, valve = VALVE_OPEN, duty = 0;
    double ahead_s = -INFINITY, diversion_s = 0.0;
    set_up(d, a);
    for (int64_t i = 0; i < d->vehicles; i++) {
        double lane_s = later(d->arrival_s[i], ahead_s + d->funnel_headway_s[i] + diversion_s);
        double road_s = later(d->free_s[i], ahead_s + d->road_headway_s[i] + diversion_s);
        double clear_s = valve == VALVE_LIFTED ? road_s : lane_s;
        while (d->opens_s <= clear_s && clear_s < d->closes_s) {
            advance_tail(d, clear_s, i, &newest, &foot);
            double tail_m = newest >= i ? d->tail_m[newest] : 0.0;
            int64_t next = tail_m >= d->lift_at_m      ? VALVE_LIFTED
                           : tail_m >= d->suspend_at_m ? (valve > VALVE_SUSPENDED ? valve : VALVE_SUSPENDED)
                           : tail_m <= d->resume_at_m  ? VALVE_OPEN
                                                       : valve;
            if (next == valve) break;
            d->valve_s[d->valve_changes] = clear_s;
            d->valve[d->valve_changes++] = valve = next;
            clear_s = later(clear_s, valve == VALVE_LIFTED ? road_s : lane_s);
            if (clear_s < d->closes_s) break;
        }
        double passed_s = clear_s;
        int64_t diverted = 0;
        if (clear_s < d->opens_s || clear_s >= d->closes_s)
            passed_s = clear_s < d->opens_s ? road_s : later(d->closes_s, road_s);
        else {
            int64_t gate = GATE_LIFTED;
            if (valve != VALVE_LIFTED) {
                while (duty + 1 < d->duty_steps && d->duty_s[duty + 1] <= clear_s) duty++;
                int shut = valve == VALVE_SUSPENDED || clear_s >= d->last_selection_s;
                gate = !d->staffed[duty] ? UNSTAFFED : shut ? SUSPENDED : GATE_OPEN;
            }
            d->gate[i] = gate;
            if (gate == GATE_OPEN) passed_s = later(clear_s, ahead_s + d->look_s[i]);
            while (a->moments > 0 &&
                   before(d->moment_s[0], d->moment_rank[0], passed_s, SELECTION_POINT * KIND + i))
                happen(d, a);
            if (gate == GATE_OPEN) {
                int64_t selected = d->score[i] > d->cutoff[d->kind[i]], place = a->taken < d->waiting + d->bays;
                d->threshold[i] = d->cutoff[d->kind[i]];
                d->accepted[i] = place;
                d->fate[i] = selected ? (place ? INSPECTED : AREA_FULL) : NOT_SELECTED;
                if (selected && place) {
                    diverted = 1;
                    a->taken++;
                    d->turn[i] = ++a->turns;
                    schedule(d, a, passed_s + d->divert_s, AREA_ARRIVAL, i);
                }
            } else
                d->fate[i] = gate == UNSTAFFED ? POST_UNSTAFFED : IS_SUSPENDED;
        }
        d->passed_s[i] = ahead_s = passed_s;
        diversion_s = diverted ? d->diversion_s[d->kind[i]] : 0.0;
    }
    advance_tail(d, INFINITY, d->vehicles, &newest, &foot);
    while (a->moments > 0) happen(d, a);
    for (int64_t i = 0; i < d->vehicles; i++)
        if (d->fate[i] == OUTSIDE && d->arrival_s[i] >= d->opens_s && d->arrival_s[i] < d->closes_s)
            d->fate[i] = IS_SUSPENDED; /* came in time, and met the funnel closing */
}
