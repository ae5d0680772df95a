# One image, one command per role (docker-compose.yml names them).
# The build steps are the Makefile's own, so that an image and a checkout never differ.

FROM python:3.11-slim-bookworm AS built
RUN apt-get update \
    && apt-get install --yes --no-install-recommends make \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/anji
ENV ANJI_VAR=/tmp/anji \
    STATIC_ROOT=/srv/anji/collected \
    UV_COMPILE_BYTECODE=1
COPY Makefile requirements.lock ./
RUN make install
COPY . .
# Who serves may write nothing here: what is not compiled now is compiled at every start.
RUN make built && rm -rf node_modules /tmp/anji \
    && .venv/bin/python -m compileall -q hospital consult diagnosis scheduling

FROM python:3.11-slim-bookworm
RUN useradd --system --create-home --uid 10001 anji \
    && install --directory --owner=anji --group=anji --mode=0700 /var/lib/anji
WORKDIR /srv/anji
ENV ANJI_VAR=/var/lib/anji \
    STATIC_ROOT=/srv/anji/collected \
    PATH=/srv/anji/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
COPY --from=built /srv/anji /srv/anji
USER anji
EXPOSE 8000
VOLUME /var/lib/anji
CMD ["uvicorn", "hospital.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--timeout-graceful-shutdown", "2", "--no-access-log", "--no-server-header"]
