# The mock as an image of amd64 and arm64: every dependency is a wheel, so nothing is compiled.
#
#   docker build --tag videodb-mockserver .
#   docker run --publish 127.0.0.1:8765:8765 videodb-mockserver

FROM python:3.13-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/mockserver
# The dependencies change less often than the code: their layer comes first.
COPY requirements/runtime.lock requirements/runtime.lock
RUN /opt/mockserver/bin/pip install --no-cache-dir --only-binary :all: --require-hashes --requirement requirements/runtime.lock
COPY pyproject.toml README.md LICENSE ./
COPY mockserver mockserver
COPY contracts contracts
COPY spec spec
RUN /opt/mockserver/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir dist . \
    && /opt/mockserver/bin/pip install --no-cache-dir --no-deps --no-index dist/*.whl

FROM python:3.13-slim-bookworm
LABEL org.opencontainers.image.title="videodb-mockserver" \
      org.opencontainers.image.description="A local, stateful mock of VideoDB's billing checkout API" \
      org.opencontainers.image.licenses="MIT"
# A number, since Kubernetes' runAsNonRoot cannot look up a name.
RUN useradd --no-log-init --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin mock \
    && install --directory --owner mock --group mock /data
COPY --from=build /opt/mockserver /opt/mockserver
# The root may be read-only; the one folder that is written is /data.
ENV PATH=/opt/mockserver/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    MOCKSERVER_HOST=0.0.0.0 \
    MOCKSERVER_STORE=sqlite:////data/mock.db
USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8765
HEALTHCHECK --interval=5s --timeout=4s --start-period=15s --start-interval=1s --retries=3 CMD ["mockserver", "health"]
ENTRYPOINT ["mockserver"]
CMD ["serve"]
