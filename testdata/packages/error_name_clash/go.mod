module error_name_clash

go 1.26
