"""Distributions as an analyst writes them: a number, or one named shape with its parameters."""

from collections.abc import Callable, Sequence
from math import log1p
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from legalaid_sim import draws
from legalaid_sim.units import round_half_up

PositiveNumber = Annotated[float, Field(gt=0, le=1e9)]
NonNegative = Annotated[float, Field(ge=0, le=1e9)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Mean(_Part):
    """A shape given by its mean alone."""

    mean: PositiveNumber = Field(description="mean, in the unit of the field")


class Geometric(_Part):
    """1, 2, 3, … with the given mean, at most ``at_most``."""

    mean: Annotated[float, Field(ge=1, le=1000)] = Field(description="mean, at least 1")
    at_most: Annotated[int, Field(ge=1, le=1000)] = Field(1000, description="longest value allowed")


class Lognormal(_Part):
    """A right-skewed shape by mean and coefficient of variation."""

    mean: PositiveNumber = Field(description="mean, in the unit of the field")
    cv: Annotated[float, Field(gt=0, le=10)] = Field(description="standard deviation divided by the mean")
    at_most: PositiveNumber | None = Field(None, description="values above this are cut to it")


class Triangular(_Part):
    """Lowest, most usual and highest value."""

    low: NonNegative = Field(description="lowest value")
    mode: NonNegative = Field(description="most usual value")
    high: NonNegative = Field(description="highest value")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low <= self.mode <= self.high:
            raise ValueError(
                f"low, mode and high must be in order; found {self.low}, {self.mode}, {self.high}"
            )
        return self


class Between(_Part):
    """Every value between two bounds equally likely."""

    low: NonNegative = Field(description="lowest value")
    high: NonNegative = Field(description="highest value")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low > self.high:
            raise ValueError(f"low must not be above high; found {self.low} and {self.high}")
        return self


class Erlang(_Part):
    """A sum of ``stages`` exponentials: squared coefficient of variation 1/stages."""

    mean: PositiveNumber = Field(description="mean, in the unit of the field")
    stages: Annotated[int, Field(ge=1, le=50)] = Field(description="number of exponential stages")


class TwoPoint(_Part):
    """``low`` or ``high``, with ``share_high`` of the latter: any variability with two values."""

    low: NonNegative = Field(description="the usual value")
    high: NonNegative = Field(description="the rare value")
    share_high: Annotated[float, Field(ge=0, le=1)] = Field(description="share of the rare value, 0 to 1")


class Distribution(_Part):
    """Exactly one shape. A plain number means ``fixed``."""

    fixed: Annotated[float, Field(ge=-1e9, le=1e9)] | None = Field(None, description="always this value")
    exponential: Mean | None = Field(None, description="memoryless")
    geometric: Geometric | None = Field(None, description="whole numbers from 1")
    poisson: Mean | None = Field(None, description="whole numbers from 0")
    lognormal: Lognormal | None = Field(None, description="right-skewed")
    triangular: Triangular | None = Field(None, description="low, mode, high")
    uniform: Between | None = Field(None, description="equally likely between two bounds")
    erlang: Erlang | None = Field(None, description="less variable than exponential")
    two_point: TwoPoint | None = Field(None, description="two values")

    @model_validator(mode="after")
    def _one_shape(self) -> Self:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none"
            raise ValueError(f"give exactly one shape ({', '.join(type(self).model_fields)}); found {found}")
        return self

    @property
    def mean(self) -> float:
        """The mean of the shape as written (before any ``at_most``)."""
        shape = self._shape()
        if isinstance(shape, float):
            return shape
        if isinstance(shape, Triangular):
            return (shape.low + shape.mode + shape.high) / 3
        if isinstance(shape, Between):
            return (shape.low + shape.high) / 2
        if isinstance(shape, TwoPoint):
            return shape.low + (shape.high - shape.low) * shape.share_high
        return shape.mean  # type: ignore[no-any-return]

    @property
    def is_zero(self) -> bool:
        """Whether the value is always 0, so that the mechanism it drives is off."""
        return self.fixed == 0

    def _shape(self) -> Any:
        for name in type(self).model_fields:
            shape = getattr(self, name)
            if shape is not None:
                return float(shape) if name == "fixed" else shape
        raise ValueError("no shape")

    def inverse(self) -> "Any":
        """Give a function from a uniform in (0, 1) to a value: the inverse distribution function."""
        shape = self._shape()
        if isinstance(shape, float):
            return lambda u: shape
        if isinstance(shape, Geometric):
            return lambda u: min(draws.geometric(u, shape.mean), shape.at_most)
        if isinstance(shape, Lognormal):
            return draws.lognormal_inverse(shape.mean, shape.cv, shape.at_most)
        if isinstance(shape, Triangular):
            return lambda u: draws.triangular(u, shape.low, shape.mode, shape.high)
        if isinstance(shape, Between):
            low, width = shape.low, shape.high - shape.low
            return lambda u: low + u * width
        if isinstance(shape, Erlang):
            return lambda u: _erlang_inverse(u, shape.mean, shape.stages)
        if isinstance(shape, TwoPoint):
            return lambda u: shape.high if u < shape.share_high else shape.low
        if self.poisson is not None:
            return lambda u: draws.poisson(u, shape.mean)
        return lambda u: draws.exponential(u, shape.mean)

    def whole(self, scale: float = 1.0, least: int = 0) -> Callable[[Sequence[float]], tuple[int, ...]]:
        """Give a function from uniforms to whole numbers: values times ``scale``, halves up, at least ``least``.

        It takes many at once because that is several times faster than one by one.
        """
        if self.fixed is not None:
            always = max(least, round_half_up(self.fixed * scale))
            return lambda us: (always,) * len(us)
        if self.exponential is not None:
            # Written out: most uniforms of a world are turned into times by this one.
            mean = -self.exponential.mean
            return lambda us: tuple(
                [x if (x := int(mean * log1p(-u) * scale + 0.5)) > least else least for u in us]
            )
        inverse = self.inverse()
        return lambda us: tuple([max(least, round_half_up(inverse(u) * scale)) for u in us])


def _erlang_inverse(u: float, mean: float, stages: int) -> float:
    """Invert the Erlang distribution function by bisection: one uniform a variate keeps pairs of worlds aligned."""
    from math import exp

    rate = stages / mean
    low, high = 0.0, mean * 40.0
    for _ in range(60):
        middle = (low + high) / 2
        term = total = exp(-rate * middle)
        for k in range(1, stages):
            term *= rate * middle / k
            total += term
        low, high = (middle, high) if 1.0 - total < u else (low, middle)
    return (low + high) / 2


def _from_number(value: object) -> object:
    return {"fixed": value} if not isinstance(value, dict | Distribution | bool) else value


Amount = Annotated[Distribution, BeforeValidator(_from_number)]
