module error_types_over_packages

go 1.26
