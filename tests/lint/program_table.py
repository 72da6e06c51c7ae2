# SPDX-License-Identifier: MIT
"""Which Debian package each program is taken from, that is not there on every Debian: for check_programs.py.

A package here is one that script/setup names, for every part that calls the program: nothing is left to what other packages
happen to depend on."""

PROGRAMS = {
    "apt-get": "apt", "bats": "bats", "c++": "g++", "caddy": "caddy", "cc": "gcc", "chromium": "chromium", "clang": "clang",
    "clang-format": "clang-format", "clang-tidy": "clang-tidy", "cmake": "cmake", "cmark-gfm": "cmark-gfm", "cppcheck": "cppcheck",
    "ctest": "cmake", "curl": "curl", "dnsmasq": "dnsmasq-base", "doveadm": "dovecot-core", "dovecot": "dovecot-core", "gcc": "gcc",
    "gcov": "gcc", "git": "git", "h2load": "nghttp2-client", "hugo": "hugo", "java": "default-jre-headless", "lcov": "lcov",
    "make": "make", "mlmmj-make-ml": "mlmmj", "mlmmj-send": "mlmmj", "newsboat": "newsboat", "strace": "strace", "nginx": "nginx", "ninja": "ninja-build",
    "nm": "binutils", "node": "nodejs", "npm": "npm", "npx": "npm", "objdump": "binutils", "openssl": "openssl", "pandoc": "pandoc", "perf": "linux-perf",
    "pgrep": "procps", "pkg-config": "pkg-config", "pkill": "procps", "pmccabe": "pmccabe", "postfix": "postfix", "ps": "procps",
    "python3": "python3", "readelf": "binutils", "apache2": "apache2-bin", "smbclient": "smbclient", "smbd": "samba", "sftp": "openssh-client", "sftp-server": "openssh-sftp-server", "smtp-sink": "postfix", "smtp-source": "postfix", "soffice": "libreoffice-writer-nogui", "sqlite3": "sqlite3",
    "strace": "strace", "strip": "binutils", "sudo": "sudo", "systemctl": "systemd", "systemd-analyze": "systemd", "valgrind": "valgrind", "wrk": "wrk",
    "xmllint": "libxml2-utils",
}

# What Python programs import that is not in its standard library, or not with Debian's python3.
MODULES = {
    "aiosmtpd": "python3-aiosmtpd", "dkim": "python3-dkim", "distutils": "python3-distutils", "ensurepip": "python3-venv", "feedparser": "python3-feedparser",
    "tkinter": "python3-tk", "venv": "python3-venv",
}

# What pkg-config and find_package() ask for.
LIBRARIES = {
    "cmocka": "libcmocka-dev", "gnutls": "libgnutls28-dev", "gmime-3.0": "libgmime-3.0-dev", "gumbo": "libgumbo-dev", "hunspell": "libhunspell-dev", "icu-i18n": "libicu-dev", "icu-uc": "libicu-dev", "jansson": "libjansson-dev",
    "libcmark-gfm": "libcmark-gfm-dev", "libcmark-gfm-extensions": "libcmark-gfm-extensions-dev", "libcurl": "libcurl4-gnutls-dev",
    "libdeflate": "libdeflate-dev", "libetpan": "libetpan-dev", "libjpeg": "libjpeg62-turbo-dev", "libidn2": "libidn2-dev", "libseccomp": "libseccomp-dev",
    "libsodium": "libsodium-dev", "libxml-2.0": "libxml2-dev", "OpenSSL": "libssl-dev", "PkgConfig": "pkg-config",
    "Python3": "python3", "sqlite3": "libsqlite3-dev", "vips": "libvips-dev", "yaml-0.1": "libyaml-dev", "libzip": "libzip-dev",
}
