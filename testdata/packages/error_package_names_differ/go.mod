module error_package_names_differ

go 1.26
