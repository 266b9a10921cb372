//! One JSON object, read field by field: an error names its field. Never which fields a message has.
//!
//! One way for every message, instead of a derived reader each: that would be a quarter of what a page downloads.

use std::{borrow::Cow, fmt::Display, str::FromStr};

use serde_json::{Map, Value};

use crate::{AgentCard, json};

/// Where a `null` stands as for a missing field.
#[derive(Default)]
pub struct Fields<'a> {
    /// Each value as its JSON text.
    entries: Vec<(Cow<'a, str>, &'a str)>,
    /// What stands before a field's name in an error: `payload.`
    within: &'static str,
}

pub(crate) type Read<T> = Result<T, String>;

impl<'a> Fields<'a> {
    /// Of a text that is one JSON object.
    pub fn of(text: &'a str) -> Result<Self, String> {
        Ok(Self { entries: json::object(text)?, within: "" })
    }

    /// The fields of an object inside this one; none when it is missing.
    pub(crate) fn inner(&self, name: &'static str, within: &'static str) -> Read<Fields<'a>> {
        let fields = self.raw(name).map(Fields::of).transpose().map_err(|error| self.names(name, error))?;
        Ok(Fields { entries: fields.map(|it| it.entries).unwrap_or_default(), within })
    }

    /// The same where it may be missing.
    pub(crate) fn object(&self, name: &'static str, within: &'static str) -> Read<Option<Fields<'a>>> {
        if self.has(name) { self.inner(name, within).map(Some) } else { Ok(None) }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    pub fn text(&self, name: &'static str) -> Result<Option<String>, String> {
        self.read(name, "a text", |raw| Some(raw.starts_with('"').then(|| json::plain(raw))?.map(Cow::into_owned)))
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
        self.read(name, "a number", |raw| json::float(raw).map(Ok))
    }

    pub(crate) fn whole<T: TryFrom<u64>>(&self, name: &'static str) -> Read<Option<T>> {
        let fit = |number: u64| T::try_from(number).map_err(|_| self.names(name, format!("{number} is too large")));
        self.read(name, "a whole number", |raw| json::whole(raw).map(Ok))?.map(fit).transpose()
    }

    pub fn flag(&self, name: &'static str) -> Result<Option<bool>, String> {
        self.read(name, "true or false", |raw| match raw {
            "true" => Some(Ok(true)),
            "false" => Some(Ok(false)),
            _ => None,
        })
    }

    pub(crate) fn value(&self, name: &'static str) -> Read<Option<Value>> {
        self.read(name, "a value", |raw| Some(json::value(raw)))
    }

    pub(crate) fn map(&self, name: &'static str) -> Read<Option<Map<String, Value>>> {
        self.read(name, "a JSON object", |raw| raw.starts_with('{').then(|| json::map(raw)))
    }

    pub(crate) fn card(&self, name: &'static str) -> Read<Option<AgentCard>> {
        self.read(name, "a JSON object", |raw| raw.starts_with('{').then(|| AgentCard::read(raw)))
    }

    /// The texts of an array; a missing one is empty.
    pub(crate) fn texts(&self, name: &'static str) -> Read<Vec<String>> {
        let text = |raw: &str| match raw.starts_with('"') {
            true => json::plain(raw).map(Cow::into_owned),
            false => Err("a text is expected".to_owned()),
        };
        let texts = self.items(name)?.into_iter().map(text).collect::<Read<_>>();
        texts.map_err(|error| self.names(name, error))
    }

    pub(crate) fn all_parsed<T: FromStr<Err: Display>>(&self, name: &'static str) -> Read<Vec<T>> {
        let texts = self.texts(name)?.into_iter();
        texts.map(|text| text.parse().map_err(|error| self.names(name, error))).collect()
    }

    /// The objects of an array; a missing one is empty.
    pub(crate) fn objects(&self, name: &'static str, within: &'static str) -> Read<Vec<Fields<'a>>> {
        let open = |item: &'a str| Fields::of(item).map(|it| Fields { within, ..it });
        let items = self.items(name)?.into_iter();
        items.map(|item| open(item).map_err(|error| self.names(name, error))).collect()
    }

    pub(crate) fn needed<T>(&self, name: &'static str, read: Read<Option<T>>) -> Read<T> {
        read?.ok_or_else(|| format!("{}{name} is missing", self.within))
    }

    /// The JSON text of a field that is there.
    pub(crate) fn raw(&self, name: &str) -> Option<&'a str> {
        let (_, raw) = self.entries.iter().rev().find(|(key, _)| key == name)?;
        Some(*raw).filter(|text| *text != "null")
    }

    fn items(&self, name: &'static str) -> Read<Vec<&'a str>> {
        Ok(self.read(name, "a JSON list", |raw| raw.starts_with('[').then(|| json::list(raw)))?.unwrap_or_default())
    }

    /// `read` answers nothing for what is of another kind.
    fn read<T>(
        &self,
        name: &'static str,
        wanted: &str,
        read: impl FnOnce(&'a str) -> Option<Read<T>>,
    ) -> Read<Option<T>> {
        let Some(raw) = self.raw(name) else { return Ok(None) };
        match read(raw) {
            Some(read) => read.map(Some).map_err(|error| self.names(name, error)),
            None => Err(self.names(name, format!("{wanted} is expected, not {}", shortened(raw)))),
        }
    }

    fn names(&self, name: &str, error: impl Display) -> String {
        format!("{}{name}: {error}", self.within)
    }
}

/// An error does not carry the whole message on.
fn shortened(raw: &str) -> String {
    match raw.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &raw[..end]),
        None => raw.to_owned(),
    }
}

/// Records are read as their `open` says, from a text of their own or as a part of something that serde reads.
macro_rules! readable {
    ($($name:ident)*) => {$(
        impl $name {
            /// From its JSON text.
            pub fn read(text: &str) -> Result<Self, String> {
                Self::open(&Fields::of(text)?)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = Box::<serde_json::value::RawValue>::deserialize(from)?;
                Self::read(text.get()).map_err(serde::de::Error::custom)
            }
        }
    )*};
}

pub(crate) use readable;
