# The sandbox: the service, the compilers and interpreters of all languages, and the packages that
# programs may import. What is below /usr here is what programs can read.
#     docker build -f deploy/images/sandbox.Dockerfile -t REGISTRY/verifier-sandbox:VERSION .
# Tags can be moved: before a release give the base by digest, `--build-arg BASE=debian@sha256:...`.
ARG BASE=debian:12.12-slim

FROM ${BASE} AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
RUN python3 -m venv /opt/verifier
# First what seldom changes, at the versions that the tests ran with.
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY verifier verifier
COPY prm prm
COPY sandbox sandbox
# Built wheels only: no package runs code of its own while it is installed.
RUN /opt/verifier/bin/pip install --no-cache-dir --only-binary :all: --constraint constraints.txt \
    setuptools==80.9.0 wheel==0.45.1 \
    && /opt/verifier/bin/pip install --no-cache-dir --no-build-isolation --only-binary :all: \
    --constraint constraints.txt '.[cache]' \
    && /opt/verifier/bin/pip uninstall --yes setuptools wheel
# What programs may import, for the interpreter that they get: the list of CI, and two more.
COPY deploy/submissions deploy/submissions.txt deploy/
RUN ln -s /opt/verifier .venv \
    && deploy/submissions scipy==1.17.1 pandas==2.3.3

FROM ${BASE}
# Those of deploy/toolchains that programs need; its servers are for tests and have no place here.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3 ca-certificates \
    bash bc default-jdk-headless g++ gcc golang-go mawk nodejs rustc \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent verifier
COPY --from=build /opt/verifier /opt/verifier
COPY --from=build /build/.submissions /opt/submissions
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 10001:10001
EXPOSE 50051 9464
ENTRYPOINT ["/opt/verifier/bin/verifier-cli"]
CMD ["serve", "--config", "/etc/verifier/service.toml"]
