module method_values_across

go 1.26
