module init_files_order

go 1.26
