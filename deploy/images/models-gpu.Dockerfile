# Reward models on NVIDIA GPUs. The CUDA libraries come with torch; the node brings the driver, and its
# container toolkit puts that into the container. torch 2.13 brings CUDA 13: driver 580 or later, by
# NVIDIA's documentation.
#     docker build -f deploy/images/models-gpu.Dockerfile -t REGISTRY/verifier-models-gpu:VERSION .
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
    setuptools==80.9.0 wheel==0.45.1 torch \
    && /opt/verifier/bin/pip install --no-cache-dir --no-build-isolation --only-binary :all: \
    --constraint constraints.txt '.[cache,models]' \
    && /opt/verifier/bin/pip uninstall --yes setuptools wheel

FROM ${BASE}
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3 ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent verifier
COPY --from=build /opt/verifier /opt/verifier
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 10001:10001
EXPOSE 50051 9464
ENTRYPOINT ["/opt/verifier/bin/verifier-cli"]
CMD ["serve", "--config", "/etc/verifier/service.toml"]
