from referrals.reports.charts import LEFT, RIGHT, WIDTH, Value, bars


def test_bars_begin_at_zero_and_keep_their_proportions() -> None:
    drawn = bars([Value("助浴", 20, "20"), Value("助餐", 10, "10")])

    assert [bar.width for bar in drawn.bars] == [
        WIDTH - LEFT - RIGHT,
        (WIDTH - LEFT - RIGHT + 1) // 2,
    ]
    assert drawn.ticks[0].number == 0


def test_the_scale_ends_on_a_round_step_above_the_longest_bar() -> None:
    drawn = bars([Value("助浴", 18, "18")])

    assert [tick.number for tick in drawn.ticks] == [0, 5, 10, 15, 20]


def test_a_hidden_number_has_the_same_length_whatever_it_is() -> None:
    widths = {
        bars([Value("助浴", 18, "18"), Value("手语", number, "<5", is_hidden=True)]).bars[1].width
        for number in (1, 2, 3, 4)
    }

    assert len(widths) == 1


def test_nothing_to_draw_is_no_error() -> None:
    assert bars([]).bars == []
