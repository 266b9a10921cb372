//! One JSON object, read field by field: an error names its field. Never which fields a message has.
//!
//! One way for every message, instead of a derived reader each: that would be a quarter of what a page downloads.

use std::{borrow::Cow, fmt, fmt::Display, str::FromStr};

use serde::de::{self, Deserialize, Deserializer, MapAccess};
use serde_json::{Map, Value, value::RawValue};

use crate::AgentCard;

/// Where a `null` stands as for a missing field.
pub(crate) struct Fields<'a> {
    entries: Vec<(Cow<'a, str>, &'a RawValue)>,
    /// What stands before a field's name in an error: `payload.`
    within: &'static str,
}

pub(crate) type Read<T> = Result<T, String>;

impl<'a> Fields<'a> {
    pub(crate) fn of(text: &'a str) -> Read<Self> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    /// The fields of an object inside this one; none when it is missing.
    pub(crate) fn inner(&self, name: &'static str, within: &'static str) -> Read<Fields<'a>> {
        let fields = self.raw(name).map(Fields::of).transpose().map_err(|error| self.names(name, error))?;
        Ok(Fields { entries: fields.map(|it| it.entries).unwrap_or_default(), within })
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    pub(crate) fn text(&self, name: &'static str) -> Read<Option<String>> {
        self.read(name)
    }

    /// A text where `""` says nothing either.
    pub(crate) fn words(&self, name: &'static str) -> Read<Option<String>> {
        Ok(self.text(name)?.filter(|text| !text.is_empty()))
    }

    /// An id, a time, a cursor. Servers that know only strings write a missing one as `""`.
    pub(crate) fn parsed<T: FromStr<Err: Display>>(&self, name: &'static str) -> Read<Option<T>> {
        let parse = |text: String| text.parse().map_err(|error| self.names(name, error));
        self.words(name)?.map(parse).transpose()
    }

    pub(crate) fn number(&self, name: &'static str) -> Read<Option<f64>> {
        self.read(name)
    }

    pub(crate) fn whole<T: TryFrom<u64>>(&self, name: &'static str) -> Read<Option<T>> {
        let fit = |number: u64| T::try_from(number).map_err(|_| self.names(name, format!("{number} is too large")));
        self.read::<u64>(name)?.map(fit).transpose()
    }

    pub(crate) fn flag(&self, name: &'static str) -> Read<Option<bool>> {
        self.read(name)
    }

    pub(crate) fn value(&self, name: &'static str) -> Read<Option<Value>> {
        self.read(name)
    }

    pub(crate) fn map(&self, name: &'static str) -> Read<Option<Map<String, Value>>> {
        self.read(name)
    }

    pub(crate) fn card(&self, name: &'static str) -> Read<Option<AgentCard>> {
        Ok(self.map(name)?.map(|card| AgentCard::new(&card)))
    }

    /// The texts of an array; a missing one is empty.
    pub(crate) fn texts(&self, name: &'static str) -> Read<Vec<String>> {
        Ok(self.read(name)?.unwrap_or_default())
    }

    pub(crate) fn all_parsed<T: FromStr<Err: Display>>(&self, name: &'static str) -> Read<Vec<T>> {
        let texts = self.texts(name)?.into_iter();
        texts.map(|text| text.parse().map_err(|error| self.names(name, error))).collect()
    }

    /// The objects of an array; a missing one is empty.
    pub(crate) fn objects(&self, name: &'static str, within: &'static str) -> Read<Vec<Fields<'a>>> {
        let items: Vec<&'a RawValue> = match self.raw(name) {
            Some(raw) => serde_json::from_str(raw).map_err(|error| self.names(name, error))?,
            None => Vec::new(),
        };
        let open = |item: &'a RawValue| Fields::of(item.get()).map(|it| Fields { within, ..it });
        items.into_iter().map(|item| open(item).map_err(|error| self.names(name, error))).collect()
    }

    pub(crate) fn needed<T>(&self, name: &'static str, read: Read<Option<T>>) -> Read<T> {
        read?.ok_or_else(|| format!("{}{name} is missing", self.within))
    }

    /// The JSON text of a field that is there.
    pub(crate) fn raw(&self, name: &str) -> Option<&'a str> {
        let (_, raw) = self.entries.iter().rev().find(|(key, _)| key == name)?;
        Some(raw.get()).filter(|text| *text != "null")
    }

    fn read<T: Deserialize<'a>>(&self, name: &'static str) -> Read<Option<T>> {
        self.raw(name).map(|raw| serde_json::from_str(raw).map_err(|error| self.names(name, error))).transpose()
    }

    fn names(&self, name: &str, error: impl Display) -> String {
        format!("{}{name}: {error}", self.within)
    }
}

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Fields<'de>;

            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
                let mut entries = Vec::new();
                while let Some((Key(key), value)) = map.next_entry()? {
                    entries.push((key, value));
                }
                Ok(Fields { entries, within: "" })
            }
        }

        from.deserialize_map(Visitor)
    }
}

/// A key is borrowed unless it has an escape in it.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);
