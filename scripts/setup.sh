#!/usr/bin/env bash
# Set up what is missing: system packages, .venv/, locked Python parts. Safe to run again and again;
# when all is there it takes a fraction of a second. Usage: scripts/setup.sh serve|test
set -euo pipefail
cd "$(dirname "$0")/.."
KIND=${1:?serve or test}
VENV=.venv
LOCK=requirements/base.txt
[ "$KIND" = test ] && LOCK=requirements/dev.txt
OLDEST_PYTHON=11   # 3.11

say() { printf '%s\n' "$*"; }
fail() { # what, why, what to do
  printf '\nmake: %s\n' "$1" >&2
  [ -n "${2:-}" ] && printf '  สาเหตุ (why): %s\n' "$2" >&2
  [ -n "${3:-}" ] && printf '  → %s\n' "$3" >&2
  exit 1
}

begin=0
step() { begin=$(date +%s%N); STEP=$1; }
done_step() { printf '%7.1f s ✓ %s\n' "$(( ($(date +%s%N) - begin) / 100000000 ))e-1" "$STEP"; }

# --- system packages ------------------------------------------------------------------------------------------
# PostGIS brings the GDAL and GEOS libraries that GeoDjango uses; Pango and HarfBuzz draw PDF pages.
PACKAGES=(python3 python3-venv postgresql postgresql-postgis libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
          fontconfig fonts-thai-tlwg ca-certificates)
[ "$KIND" = test ] && PACKAGES+=(chromium)

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# A package may be there under another name (a version of PostgreSQL by itself, a Python by pyenv).
provided() {
  case $1 in
    python3 | python3-venv) find_python >/dev/null ;;
    postgresql) ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 ;;
    postgresql-postgis) ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1 ;;
    chromium) command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ;;
    *) return 1 ;;
  esac
}

find_python() {
  local candidate
  for candidate in python3 /usr/bin/python3 python3.13 python3.12 python3.11; do
    command -v "$candidate" >/dev/null 2>&1 || continue
    "$candidate" -c "import sys, venv, ensurepip; sys.exit(not ((3, $OLDEST_PYTHON) <= sys.version_info[:2] <= (3, 13)))" \
      >/dev/null 2>&1 && { command -v "$candidate"; return 0; }
  done
  return 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

system_packages() {
  local missing=() name
  for name in "${PACKAGES[@]}"; do installed "$name" || provided "$name" || missing+=("$name"); done
  [ ${#missing[@]} = 0 ] && return
  command -v apt-get >/dev/null || fail "ขาดแพ็กเกจของระบบ (system packages are missing)" "${missing[*]}" \
    "เครื่องนี้ไม่มี apt: ติดตั้งแพ็กเกจเหล่านี้ด้วยวิธีของเครื่อง (Debian 12, 13 or Ubuntu 24.04 is expected)"
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    fail "ต้องติดตั้งแพ็กเกจของระบบ แต่ผู้ใช้นี้ไม่ใช่ root และไม่มี sudo (no root, no sudo)" "${missing[*]}" \
      "ให้ผู้ดูแลเครื่องรัน: apt-get install --no-install-recommends ${missing[*]}"
  fi
  install_packages "${missing[@]}"
}

install_packages() {
  step "ติดตั้งแพ็กเกจของระบบ (system packages): $*"
  local log; log=$(mktemp)
  need_disk_mb 1500 /usr
  export DEBIAN_FRONTEND=noninteractive
  as_root apt-get update -q >"$log" 2>&1 || apt_failed "$log"
  if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
    no_main_cluster "$log"
  fi
  local wanted=() name
  for name in "$@"; do
    # Ubuntu has Chromium only as a snap: the browser tests say that they were skipped.
    if [ "$name" = chromium ] && ! apt-cache policy chromium 2>/dev/null | grep -q 'Candidate: [0-9]'; then
      say "          chromium ไม่มีใน apt ของเครื่องนี้ ข้ามการทดสอบด้วยเบราว์เซอร์ (browser tests will be skipped)"
    else wanted+=("$name"); fi
  done
  [ ${#wanted[@]} = 0 ] || as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
    "${wanted[@]}" >>"$log" 2>&1 </dev/null || apt_failed "$log"
  rm -f "$log"
  done_step
}

# PostgreSQL's package would make and start a cluster of the machine that nobody asked for.
no_main_cluster() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends postgresql-common \
    >>"$1" 2>&1 </dev/null || apt_failed "$1"
  local file=/etc/postgresql-common/createcluster.conf
  if [ -f "$file" ]; then
    as_root sed -i -E 's/^#? *create_main_cluster *=.*/create_main_cluster = false/' "$file"
  fi
  grep -qs '^create_main_cluster = false' "$file" ||
    echo 'create_main_cluster = false' | as_root tee -a "$file" >/dev/null
}

apt_failed() {
  local why; why=$(grep -E '^(E|Err|W):' "$1" | head -3 | tr '\n' ' ')
  fail "ติดตั้งแพ็กเกจของระบบไม่สำเร็จ (apt failed)" "${why:-$(tail -3 "$1")}" \
    "ตรวจเครือข่าย พื้นที่ดิสก์ และว่าไม่มี apt อื่นทำงานอยู่ แล้วรันคำสั่งเดิมอีกครั้ง (บันทึกทั้งหมด: $1)"
}

need_disk_mb() {
  local free; free=$(df -Pm "$2" | awk 'NR==2{print $4}')
  [ "$free" -ge "$1" ] || fail "ดิสก์ของ $2 เหลือ $free MB ต้องใช้ประมาณ $1 MB (disk is low)" "" \
    "ลบไฟล์ที่ไม่ใช้แล้วรันคำสั่งเดิมอีกครั้ง"
}

# --- Python parts ---------------------------------------------------------------------------------------------
stamp() { # what .venv/ must hold: the locks, the project file and the interpreter
  cat requirements/boot.txt "$LOCK" pyproject.toml | sha256sum | cut -c1-24
}

python_parts() {
  local wanted; wanted=$(stamp)
  local mark="$VENV/.maehia-$KIND"
  if [ -f "$mark" ] && [ "$(cat "$mark")" = "$wanted" ] && "$VENV/bin/python" -c '' 2>/dev/null; then return; fi
  # Both kinds share one .venv/: the tests' lock holds all of the server's parts at the same versions.
  if [ "$KIND" = serve ] && [ -f "$VENV/.maehia-test" ]; then
    LOCK=requirements/dev.txt
    if [ "$(cat "$VENV/.maehia-test")" = "$(stamp)" ] && "$VENV/bin/python" -c '' 2>/dev/null; then return; fi
    LOCK=requirements/base.txt
  fi
  need_disk_mb 2500 .
  make_venv
  install_parts
  editable
  echo "$wanted" >"$mark"
}

make_venv() {
  [ -x "$VENV/bin/python" ] && "$VENV/bin/python" -c "import sys; sys.exit(sys.version_info < (3, $OLDEST_PYTHON))" \
    2>/dev/null && "$VENV/bin/python" -m pip --version >/dev/null 2>&1 && return
  step "สร้าง .venv/ (Python environment)"
  local python; python=$(find_python) || fail "ไม่พบ Python 3.11 ถึง 3.13 ที่มี venv" "" "apt-get install python3 python3-venv"
  rm -rf "$VENV"
  "$python" -m venv "$VENV" || fail "สร้าง .venv/ ไม่สำเร็จ" "$python -m venv $VENV" "ตรวจพื้นที่ดิสก์และสิทธิ์เขียนในโฟลเดอร์นี้"
  done_step
}

# uv is some ten times faster than pip and checks the same hashes; where it cannot reach the index that pip is
# configured for, pip does the work.
install_parts() {
  step "ติดตั้งชิ้นส่วน Python ตามที่ล็อกไว้ (locked parts, hashes checked)"
  local log; log=$(mktemp)
  "$VENV/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r requirements/boot.txt \
    >"$log" 2>&1 </dev/null || parts_failed "$log"
  # Byte code at once: without it every process compiles Numba's and SciPy's sources where none may be written later.
  if ! VIRTUAL_ENV=$PWD/$VENV "$VENV/bin/uv" pip install -q --compile-bytecode --require-hashes -r "$LOCK" >"$log" 2>&1 </dev/null; then
    say "          uv ไม่สำเร็จ ใช้ pip แทน (falling back to pip): $(grep -v '^ *$' "$log" | head -1)"
    "$VENV/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r "$LOCK" \
      >"$log" 2>&1 </dev/null || parts_failed "$log"
  fi
  rm -f "$log"
  done_step
}

editable() {
  local log; log=$(mktemp)
  "$VENV/bin/python" -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . \
    >"$log" 2>&1 </dev/null || parts_failed "$log"
  rm -f "$log"
}

parts_failed() {
  fail "ติดตั้งชิ้นส่วน Python ไม่สำเร็จ (Python parts failed)" "$(grep -iE 'error|no space|hash' "$1" | head -3)" \
    "ตรวจเครือข่ายและพื้นที่ดิสก์ แล้วรันคำสั่งเดิมอีกครั้ง (บันทึกทั้งหมด: $1)"
}

case $KIND in serve | test) ;; *) fail "usage: scripts/setup.sh serve|test" ;; esac
system_packages
python_parts
