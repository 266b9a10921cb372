//! Serde helpers for fields that are spelled in more than one way.
//!
//! `null` is the same as a missing field; some servers write a missing id as `""`.

use std::{fmt::Display, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serializer, de};

/// Writes a missing text as `""`.
pub(crate) fn none_as_empty<S: Serializer>(text: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text.as_deref().unwrap_or_default())
}

/// Reads `null` as the default.
pub(crate) fn null_as_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// Reads a type that is written as text, without copying the text.
pub(crate) fn parsed<'de, D: Deserializer<'de>, T: FromStr<Err: Display>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_str(Text(PhantomData))
}

/// Reads `null` and `""` as `None`, and any other text as `Some`.
pub(crate) fn empty_as_none<'de, D: Deserializer<'de>, T: FromStr<Err: Display>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_option(OptionalText(PhantomData))
}

/// Reads a whole number, which may be written as a float (`1.0`); `null` is the default.
pub(crate) fn whole<'de, D: Deserializer<'de>, T: TryFrom<u64> + Default>(deserializer: D) -> Result<T, D::Error> {
    Ok(optional_whole(deserializer)?.unwrap_or_default())
}

/// Reads a whole number, which may be written as a float (`1.0`), or `null`.
pub(crate) fn optional_whole<'de, D: Deserializer<'de>, T: TryFrom<u64>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_option(Whole(PhantomData))
}

struct Text<T>(PhantomData<T>);

impl<T: FromStr<Err: Display>> de::Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

struct OptionalText<T>(PhantomData<T>);

impl<'de, T: FromStr<Err: Display>> de::Visitor<'de> for OptionalText<T> {
    type Value = Option<T>;

    fn expecting(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("a string or null")
    }

    fn visit_none<E: de::Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_str(self)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Option<T>, E> {
        if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(E::custom) }
    }
}

struct Whole<T>(PhantomData<T>);

impl<T: TryFrom<u64>> Whole<T> {
    fn fit<E: de::Error>(number: u64) -> Result<Option<T>, E> {
        T::try_from(number).map(Some).map_err(|_| E::custom(format_args!("{number} is too large")))
    }
}

impl<'de, T: TryFrom<u64>> de::Visitor<'de> for Whole<T> {
    type Value = Option<T>;

    fn expecting(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("a whole number that is not negative")
    }

    fn visit_none<E: de::Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_u64(self)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Option<T>, E> {
        Self::fit(number)
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Option<T>, E> {
        match number.fract() == 0.0 && (0.0..1e18).contains(&number) {
            true => Self::fit(number as u64),
            false => Err(E::invalid_value(de::Unexpected::Float(number), &self)),
        }
    }
}
