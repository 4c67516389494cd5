"""The tests. A package, so that processes which tests start find this one: a peer installs tests of its own."""
