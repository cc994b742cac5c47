"""llama.cpp's server around a tiny model: obeys JSON Schema and tells real probabilities of tokens.

The model is made here, of the llama architecture, with random weights and one habit: after a line's
end it likes to say "Yes", less so "No", and after either it likes to stop. So it answers as a judge
of one word does; of all else it says nothing sensible.
"""

import json
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

from program import free_port, wait_until

MODEL = "tiny"
CONTEXT = 8192  # tokens of one slot; a judge's prompt takes some 2,500 of these, most one byte long
SLOTS = 2
_END = "<|im_end|>"
_SPECIALS = ("<|endoftext|>", "<|im_start|>", _END)
_WORDS = ("Yes", "No")
_LIKES = {("Ċ", "Yes"): 10.0, ("Ċ", "No"): 9.0, ("Yes", _END): 12.0, ("No", _END): 12.0}  # logits
_CHATML = (
    "{% for turn in messages %}<|im_start|>{{ turn['role'] }}\n{{ turn['content'] }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
_WIDTH, _HEADS, _LAYERS, _INNER = 64, 4, 2, 128


class LlamaServer:
    """Makes the model in `folder` and serves it in a process of its own."""

    def __init__(self, folder):
        path = folder / "tiny.gguf"
        write_model(path)
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}/v1"
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop()
        self._process = subprocess.Popen(
            [sys.executable, __file__, path, str(self._port)],
            stdin=subprocess.PIPE,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until(self._answers, 60)
        except BaseException:  # a test's timeout, too: no process stays behind
            print(self.stop())  # noqa: T201 - pytest shows it
            raise

    def _answers(self):
        assert self._process.poll() is None, "llama.cpp's server has ended"
        try:
            return self.get("/health")["status"] == "ok"
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def get(self, path):
        """What the server says of itself."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self._port}{path}", timeout=5) as answer:
            return json.load(answer)

    def chat(self, **body):
        """The server's whole answer to a request, past all of our code."""
        request = urllib.request.Request(  # noqa: S310 - the loopback
            f"{self.url}/chat/completions",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - the same
            return json.load(answer)

    def busy(self):
        """The ids of those of its slots that compute."""
        return [slot["id"] for slot in self.get("/slots") if slot["is_processing"]]

    def length(self, slot):
        """How many tokens a slot holds: of the prompt, and those that it wrote."""
        return self.get("/slots")[slot]["n_prompt_tokens"]

    def stop(self):
        """Ends it; returns what it said."""
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._log.seek(0)
        said = self._log.read().decode(errors="replace")
        self._log.close()
        return said


def token(text):
    """The id of a token of the model, as a request's ``logit_bias`` names it."""
    return str(_vocabulary()[0].index(text))


def write_model(path):
    """Writes the model's file: the same bytes each time."""
    import gguf
    import numpy as np

    tokens, merges = _vocabulary()
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name(MODEL)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(_WIDTH)
    writer.add_block_count(_LAYERS)
    writer.add_feed_forward_length(_INNER)
    writer.add_head_count(_HEADS)
    writer.add_head_count_kv(_HEADS)
    writer.add_rope_dimension_count(_WIDTH // _HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    control, normal = gguf.TokenType.CONTROL, gguf.TokenType.NORMAL
    writer.add_token_types([control if one in _SPECIALS else normal for one in tokens])
    writer.add_token_merges(merges)
    writer.add_eos_token_id(tokens.index(_END))
    writer.add_add_bos_token(False)
    writer.add_chat_template(_CHATML)
    for name, weights in _weights(np, tokens):
        writer.add_tensor(name, weights)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _vocabulary():
    """Bytes, in the letters that GPT-2 writes them with, two whole words, and ChatML's tokens."""
    shown = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(0x100) if byte not in shown]
    letters = [*map(chr, shown), *(chr(0x100 + place) for place in range(len(hidden)))]
    merges = ["Y e", "Ye s", "N o"]
    return [*letters, *(merge.replace(" ", "") for merge in merges), *_SPECIALS], merges


def _weights(np, tokens):
    chance = np.random.default_rng(7)

    def drawn(*shape, size=0.02):
        return (chance.standard_normal(shape) * size).astype(np.float32)

    embeddings = drawn(len(tokens), _WIDTH, size=1.0)
    likes = drawn(len(tokens), _WIDTH, size=0.1)
    for (seen, next_), logit in _LIKES.items():
        seen_as = embeddings[tokens.index(seen)]
        likes[tokens.index(next_)] += logit * seen_as / (seen_as @ seen_as)
    yield "token_embd.weight", embeddings
    yield "output.weight", likes
    yield "output_norm.weight", np.ones(_WIDTH, np.float32)
    for layer in range(_LAYERS):
        for name in ("attn_norm", "ffn_norm"):
            yield f"blk.{layer}.{name}.weight", np.ones(_WIDTH, np.float32)
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            yield f"blk.{layer}.{name}.weight", drawn(_WIDTH, _WIDTH)
        for name in ("ffn_gate", "ffn_up"):
            yield f"blk.{layer}.{name}.weight", drawn(_INNER, _WIDTH)
        yield f"blk.{layer}.ffn_down.weight", drawn(_WIDTH, _INNER)


def _serve(path, port):
    """Serves until the process that started this one has gone."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = path
    params.model_alias = {MODEL}
    params.hostnames = ["127.0.0.1"]
    params.port = int(port)
    params.n_ctx = CONTEXT * SLOTS
    params.n_parallel = SLOTS
    params.n_gpu_layers = 0
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.use_jinja = True
    params.endpoint_slots = True
    params.warmup = False
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)  # noqa: T201 - its log
    sys.stdin.read()


if __name__ == "__main__":
    _serve(*sys.argv[1:])
