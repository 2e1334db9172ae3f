module constants_across

go 1.26
