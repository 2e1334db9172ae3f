module same_names_apart

go 1.26
