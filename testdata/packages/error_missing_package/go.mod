module error_missing_package

go 1.26
