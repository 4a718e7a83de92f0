#!/usr/bin/env bash
# Builds the peers' environments under .local/peers (each of its own, never in the product's). Needs apt: libgdal-dev gcc g++ python3-dev.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
uv=.local/uv/bin/uv
peer=.local/peers/xplan-tools
if [ ! -x "$peer/bin/python" ]; then
  mkdir -p .local/peers
  "$uv" venv -q --python /usr/bin/python3 "$peer"
  "$uv" pip install -q --python "$peer/bin/python" setuptools wheel numpy
  # its metadata asks for GDAL's bindings >= 3.6.3; Debian 12 has GDAL 3.6.2, with which parsing works
  "$uv" pip install -q --python "$peer/bin/python" --override <(echo "gdal==$(gdal-config --version)") --no-build-isolation-package gdal xplan-tools==1.17.5
fi
for peer in "tipg tipg==1.6.1 uvicorn" "pyflwdir pyflwdir~=0.5.10" "drf-gis django~=5.2 djangorestframework-gis django-filter psycopg[binary] gunicorn"; do
  read -r name packages <<<"$peer"
  if [ ! -x ".local/peers/$name/bin/python" ]; then
    "$uv" venv -q --python /usr/bin/python3 ".local/peers/$name"
    read -ra wanted <<<"$packages"
    "$uv" pip install -q --python ".local/peers/$name/bin/python" "${wanted[@]}"
  fi
done
if [ ! -x .local/peers/landlab/bin/python ]; then
  "$uv" venv -q --python /usr/bin/python3 .local/peers/landlab
  # requireit 0.5 and later need Python 3.12, though their metadata don't say so
  "$uv" pip install -q --python .local/peers/landlab/bin/python landlab==2.11.0 "requireit<0.5"
fi
if [ ! -x .local/peers/itzi/bin/python ]; then
  newer=$("$uv" python find --no-python-downloads '>=3.12' 2>/dev/null || ls -1 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[2-9]*/bin/python 2>/dev/null | head -n 1 || true)
  if [ -n "$newer" ]; then # without one, benchmarks/rain_kernel.py leaves this peer out
    "$uv" venv -q --python "$newer" .local/peers/itzi
    "$uv" pip install -q --python .local/peers/itzi/bin/python itzi-core==0.8.0
  fi
fi
