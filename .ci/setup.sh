# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by ../run and ../test: installs missing packages and builds the preset "release".

# Prints the first choice of each package line of which no alternative is installed.
missing_packages() {
    local installed line names name found
    installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p')
    while IFS= read -r line; do
        names=${line%%#*}
        names=${names//|/ }
        found=
        for name in $names; do
            grep -qxF -- "$name" <<<"$installed" && found=$name && break
        done
        set -- $names
        if [ $# -gt 0 ] && [ -z "$found" ]; then echo "$1"; fi
    done <.ci/packages.txt
}

install_missing_packages() {
    command -v dpkg-query >/dev/null || { echo "Not a Debian system: install what .ci/packages.txt lists, then use cmake --preset release." >&2; exit 1; }
    local missing as_root=()
    missing=$(missing_packages | tr '\n' ' ')
    [ -n "${missing// /}" ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        # Only a sudo that can ask (a terminal) or needs no password is of use here.
        if command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
            as_root=(sudo)
        else
            echo "Missing packages. As root, run:" >&2
            echo "apt-get update && apt-get install -y --no-install-recommends ${missing% }" >&2
            exit 1
        fi
    fi
    echo "Installing: $missing" >&2
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get)
    if ! { "${apt[@]}" update -q && "${apt[@]}" install -y -q --no-install-recommends $missing; } >&2; then
        echo "apt-get could not install: $missing; see the lines above." >&2
        exit 1
    fi
}

# As many jobs as cores, but no more than one for each 1.5 GB of memory.
build_jobs() {
    local cores memory
    cores=$(nproc)
    memory=$(awk '/^MemAvailable:/ { print int($2 / 1572864) }' /proc/meminfo)
    [ "${memory:-1}" -ge 1 ] || memory=1
    echo $((cores < memory ? cores : memory))
}

# Builds everything, or only the targets named.
build_release() {
    if [ ! -f build/release/build.ninja ]; then
        cmake --preset release >&2 || exit 1
    fi
    local targets=()
    [ $# -eq 0 ] || targets=(--target "$@")
    cmake --build --preset release -j "$(build_jobs)" "${targets[@]}" >&2 || exit 1
}
