module error_dot_import

go 1.26
