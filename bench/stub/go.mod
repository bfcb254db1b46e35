module vistadr.org/bench/stub

go 1.21
