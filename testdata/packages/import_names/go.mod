module import_names

go 1.26
