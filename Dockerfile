# One image for every part: `caspian serve`, `caspian worker`, and the commands of an administrator.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    CASPIAN_DATA_DIR=/data CASPIAN_HOST=0.0.0.0 CASPIAN_PORT=8000 CASPIAN_LOG_JSON=true

# A number, so that Kubernetes can tell that it is not root. The index has a directory of its own: see docs/scaling.md.
RUN useradd --uid 10001 --no-create-home caspian && install -d -o caspian -g caspian /data /data/index

WORKDIR /caspian
COPY requirements.lock ./
RUN pip install --no-cache-dir -r requirements.lock
COPY . ./
# Editable, because the migrations are found beside the code. The matcher is compiled, and the compiler taken out again.
RUN pip install --no-cache-dir --no-deps --editable . && python -m compileall -q api core lists screening \
    && apt-get update -qq && apt-get install -y -qq --no-install-recommends gcc libc6-dev \
    && python -m venv --system-site-packages /tmp/tools \
    && /tmp/tools/bin/pip install --no-cache-dir -c requirements-dev.lock mypy setuptools \
    && PYTHONPATH=$(echo /tmp/tools/lib/python*/site-packages) python -m screening.compile \
    && apt-get purge -y -qq --auto-remove gcc libc6-dev && rm -rf /tmp/tools .mypy_cache /var/lib/apt/lists/*

USER 10001
VOLUME /data
EXPOSE 8000

# Alive, not ready: a list that is stale is no reason to restart. Nothing listens until the index is open; the first build
# takes its time. A worker serves nothing and switches this off.
HEALTHCHECK --interval=10s --timeout=5s --start-period=180s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"CASPIAN_PORT\"]}/healthz', timeout=4)"]

ENTRYPOINT ["caspian"]
CMD ["serve"]
