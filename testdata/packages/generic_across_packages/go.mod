module generic_across_packages

go 1.26
