from priorauth.glucose.kernel.jit import compiled


@compiled
def doubled(value: int) -> int:
    return 2 * value


def test_a_compiled_function_gives_what_the_plain_one_gives() -> None:
    assert doubled(21) == 42
