module g

go 1.26
