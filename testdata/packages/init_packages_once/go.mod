module init_packages_once

go 1.26
