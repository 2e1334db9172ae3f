module panic_across_packages

go 1.26
