# Set-up shared by scripts/demo and scripts/test, which source this file. It puts a virtual
# environment into the checkout and adds the system packages that are missing; the second time
# there is nothing to do and no network is needed.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
lock=$root/requirements/dev.lock
venv=$root/.venv
log=$root/build/setup.log

say() { printf '== %s\n' "$*"; }

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

has() { command -v "$1" >/dev/null; }

# Each probe asks for what is used rather than for a package, so that any source of it will do.
probe_python_venv() { "$(find_python)" -c 'import ensurepip, venv' 2>/dev/null; }
probe_thread_sanitizer() {
    has clang && printf 'int main(void) { return 0; }' |
        clang -x c -fsanitize=thread -o "$root/build/probe" - 2>/dev/null
}
# Only a PC has the 32-bit libraries; what else is missing there, the tests say.
probe_multilib() {
    [[ $(uname -m) != x86_64 ]] || printf '#include <cstdlib>\nint main() { return 0; }' |
        g++ -m32 -x c++ -o "$root/build/probe" - 2>/dev/null
}
# Tests run the tool on the system's own packages too, which may be older than the locked ones.
probe_distribution() {
    /usr/bin/python3 -c 'import jinja2, jsonschema, ruamel.yaml' 2>/dev/null
}
probe_openssl() { has pkg-config && pkg-config --exists libcrypto; }
# A service of the system's, which users other than root don't have on their PATH.
probe_nginx() { has nginx || [[ -x /usr/sbin/nginx ]]; }
probe_llhttp() {
    [[ -e /usr/share/llhttp/llhttp.c ]] || { has pkg-config && pkg-config --exists libllhttp; }
}

find_python() {
    local candidate
    for candidate in python3 python3.13 python3.12 python3.11; do
        if has "$candidate" &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    fail "Python 3.11 or later is needed; none is on the PATH"
}

# Prints the Debian packages that give a capability, or nothing when it is there.
missing_packages() {
    case $1 in
    python-venv) probe_python_venv || echo python3-venv ;;
    clang-sanitizers) probe_thread_sanitizer || echo libclang-rt-dev ;;
    distribution)
        probe_distribution ||
            echo python3-jinja2 python3-jsonschema python3-ruamel.yaml
        ;;
    openssl) probe_openssl || echo libssl-dev ;;
    llhttp) probe_llhttp || echo llhttp ;;
    nginx) probe_nginx || echo nginx-light ;;
    c-compiler) has cc || echo gcc libc6-dev ;;
    musl) has musl-gcc || echo musl-tools ;;
    multilib) probe_multilib || echo multilib ;;
    pkg-config) has pkg-config || echo pkgconf ;;
    perf) has perf || echo linux-perf ;;
    gcc) has gcc || echo gcc libc6-dev ;;
    *) has "$1" || echo "$1" ;;
    esac
}

# Debian 13 has llhttp as a library; Debian 12 has its sources, as a package of Node.js.
llhttp_package() {
    if apt-cache show libllhttp-dev >/dev/null 2>&1; then
        echo libllhttp-dev
    else
        echo node-llhttp
    fi
}

# What g++-multilib stands for, without its conflict with compilers for other machines.
multilib_packages() {
    local version
    version=$(apt-cache depends g++ | sed -n 's/.*Depends: g++-\([0-9]*\)$/\1/p')
    echo libc6-dev-i386 "lib32gcc-$version-dev" "lib32stdc++-$version-dev"
}

# The packages of this release of Debian for what is called the same in all of them.
package_names() {
    local package
    local -a names=()
    for package in "$@"; do
        case $package in
        llhttp) names+=("$(llhttp_package)") ;;
        multilib) names+=("$(multilib_packages)") ;;
        *) names+=("$package") ;;
        esac
    done
    printf '%s\n' "${names[*]}"
}

# Debian's packages of servers start them, now unless this policy is there, and with the machine
# unless they are disabled. Only tests shall start one. In a shell of its own, whose end takes the
# policy away.
install_packages() (
    policy=/usr/sbin/policy-rc.d
    if [[ ! -e $policy ]]; then
        trap 'rm -f "$policy"' EXIT
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
    fi
    DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$@" </dev/null ||
        exit
    if [[ " $* " == *" nginx-light "* ]] && has systemctl; then
        systemctl disable nginx
    fi
)

# Installs the system packages behind the named capabilities, only those that are missing.
setup_system() {
    local capability
    local -a missing=()
    for capability in "$@"; do
        # Unquoted: a capability may be several packages.
        missing+=($(missing_packages "$capability"))
    done
    if ((${#missing[@]} == 0)); then
        return
    fi
    if ! has apt-get || ((EUID != 0)); then
        fail "packages are missing; as root on Debian, run this and then me again:"$'\n' \
            "   apt-get install $(package_names "${missing[@]}")"
    fi
    say "Installing system packages: ${missing[*]}"
    apt-get update >"$log" 2>&1 ||
        say "Package lists could not all be updated; trying with what is there"
    # Unquoted: several packages.
    install_packages $(package_names "${missing[@]}") >>"$log" 2>&1 ||
        { tail -n 20 "$log" >&2; fail "apt-get could not install them; $log tells more"; }
}

# Makes the virtual environment from the lock, or does nothing when it was made from this very lock.
setup_venv() {
    local python stamp wanted
    python=$(find_python)
    stamp=$venv/made-from
    wanted="$(sha256sum <"$lock") $("$python" -c 'import sys; print(sys.version)')"
    if [[ -x $venv/bin/python && $(cat "$stamp" 2>/dev/null) == "$wanted" ]]; then
        return
    fi
    say "Making the virtual environment .venv from requirements/dev.lock"
    "$python" -m venv --clear "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
    printf '%s\n' "$wanted" >"$stamp"
}

# The same for capabilities without which tests are only skipped, or slower.
setup_optional() {
    if (($# > 0)) && has apt-get && ((EUID == 0)); then
        (setup_system "$@") || say "Going on without them: some tests are skipped, or slower"
    fi
}

# Sets up the named capabilities; those behind -- only where that can be done.
# One set-up at a time: two scripts may be started in the same checkout.
setup() {
    local -a needed=()
    while (($# > 0)) && [[ $1 != -- ]]; do
        needed+=("$1")
        shift
    done
    mkdir -p "$root/build"
    exec {setup_lock}>"$root/build/setup.lock"
    flock "$setup_lock"
    setup_system "${needed[@]}"
    setup_optional "${@:2}"
    setup_venv
    exec {setup_lock}>&-
}
