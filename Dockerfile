# Build: installs the locked packages into a virtual environment.
FROM python:3.12-slim AS build
WORKDIR /app
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

# Run: no compiler, no root.
FROM python:3.12-slim
RUN useradd --uid 10001 --no-create-home linkwell && mkdir /data && chown linkwell /data
COPY --from=build /venv /venv
WORKDIR /app
COPY . .
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 STATIC_ROOT=/app/static \
    MEDIA_ROOT=/data/media SEARCH_DIR=/data/search AUDIT_ANCHOR_DIR=/data/anchors
RUN SECRET_KEY=build-only-build-only-build-only-build-only-build-only-b INSECURE_HTTP_OK=1 \
    FIELD_ENCRYPTION_KEYS=enc:b:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=,idx:b:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=,mac:b:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=,bak:b:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE= \
    python manage.py collectstatic --no-input
USER linkwell
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live', timeout=2)"]
# The server's own access log stays off: it would write the paths of secret links.
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--timeout", "30", "--graceful-timeout", "30", "--max-requests", "2000", "--max-requests-jitter", "200"]
