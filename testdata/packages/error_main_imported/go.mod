module error_main_imported

go 1.26
