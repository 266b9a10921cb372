//! Reads the text of a condition, character by character, by precedence. Never evaluates.

use serde_json::{Number, Value};

use super::{BadCondition, Comparison, Condition};

/// Deep enough for any person, shallow enough for any stack.
const DEEPEST: usize = 64;
const LONGEST: usize = 4096;

type Result<T> = std::result::Result<T, BadCondition>;

pub(super) fn read(text: &str) -> Result<Condition> {
    let mut reader = Reader { text: text.chars().collect(), at: 0, depth: 0 };
    if reader.text.len() > LONGEST {
        return Err(BadCondition { position: LONGEST + 1, reason: format!("longer than {LONGEST} characters") });
    }
    let condition = reader.either()?;
    reader.skip_blanks();
    match reader.peek() {
        None => Ok(condition),
        Some(_) => Err(reader.wrong("the end, `&&` or `||`")),
    }
}

struct Reader {
    text: Vec<char>,
    at: usize,
    depth: usize,
}

impl Reader {
    fn either(&mut self) -> Result<Condition> {
        let mut left = self.both()?;
        while self.take("||") {
            left = Condition::Or(Box::new(left), Box::new(self.both()?));
        }
        Ok(left)
    }

    fn both(&mut self) -> Result<Condition> {
        let mut left = self.comparison()?;
        while self.take("&&") {
            left = Condition::And(Box::new(left), Box::new(self.comparison()?));
        }
        Ok(left)
    }

    fn comparison(&mut self) -> Result<Condition> {
        let left = self.single()?;
        let found = [("==", Comparison::Equal), ("!=", Comparison::Unequal)]
            .into_iter()
            .chain([("<", Comparison::Less), (">", Comparison::Greater)])
            .find(|(sign, _)| self.take(sign));
        let Some((sign, comparison)) = found else { return Ok(left) };
        if matches!(self.peek(), Some('=')) {
            return Err(self.error(format!("`{sign}=` is not known; there are == != < >")));
        }
        Ok(Condition::Compare(Box::new(left), comparison, Box::new(self.single()?)))
    }

    fn single(&mut self) -> Result<Condition> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.error(format!("nested deeper than {DEEPEST}")));
        }
        let condition = self.one()?;
        self.depth -= 1;
        Ok(condition)
    }

    fn one(&mut self) -> Result<Condition> {
        self.skip_blanks();
        match self.peek() {
            Some('!') => {
                self.at += 1;
                Ok(Condition::Not(Box::new(self.single()?)))
            }
            Some('(') => {
                self.at += 1;
                let inner = self.either()?;
                if self.take(")") { Ok(inner) } else { Err(self.wrong("`)`")) }
            }
            Some('$') => self.variable(),
            Some(quote @ ('"' | '\'')) => self.quoted(quote),
            Some(digit) if digit.is_ascii_digit() || digit == '-' => self.number(),
            Some(letter) if letter.is_alphabetic() => self.word(),
            _ => Err(self.wrong("a value")),
        }
    }

    fn variable(&mut self) -> Result<Condition> {
        let start = self.at;
        if !self.take("${") {
            return Err(self.error("a variable is written as ${name}".into()));
        }
        let name = self.take_while(|letter| letter != '}');
        if self.peek().is_none() {
            self.at = start;
            return Err(self.error("`${` is never closed by `}`".into()));
        }
        self.at += 1;
        match name.trim() {
            "" => {
                self.at = start;
                Err(self.error("a variable needs a name".into()))
            }
            name => Ok(Condition::Variable(name.to_owned())),
        }
    }

    fn quoted(&mut self, quote: char) -> Result<Condition> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        while let Some(letter) = self.peek() {
            self.at += 1;
            match letter {
                _ if letter == quote => return Ok(Condition::Literal(Value::String(text))),
                '\\' => text.push(self.escaped()?),
                _ => text.push(letter),
            }
        }
        self.at = start;
        Err(self.error(format!("the text is never closed by {quote}")))
    }

    /// The escapes of JSON.
    fn escaped(&mut self) -> Result<char> {
        let letter = self.peek().ok_or_else(|| self.wrong("a character after `\\`"))?;
        self.at += 1;
        Ok(match letter {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'u' => {
                let digits: String = self.text.iter().skip(self.at).take(4).collect();
                let code = u32::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 4);
                let letter = code.and_then(char::from_u32).ok_or_else(|| self.wrong("four hex digits"))?;
                self.at += 4;
                letter
            }
            other => other,
        })
    }

    fn number(&mut self) -> Result<Condition> {
        let start = self.at;
        let text = self.take_while(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '+'));
        let number: Option<Number> = serde_json::from_str(&text).ok();
        number.map(|number| Condition::Literal(Value::Number(number))).ok_or_else(|| {
            self.at = start;
            self.error(format!("{text:?} is not a number"))
        })
    }

    fn word(&mut self) -> Result<Condition> {
        let start = self.at;
        let word = self.take_while(|letter| letter.is_alphanumeric() || letter == '_');
        match &*word {
            "true" => Ok(Condition::Literal(Value::Bool(true))),
            "false" => Ok(Condition::Literal(Value::Bool(false))),
            "null" => Ok(Condition::Literal(Value::Null)),
            _ => {
                self.at = start;
                Err(self.error(format!("{word:?} is not known; text is written in quotes, a variable as ${{{word}}}")))
            }
        }
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn take(&mut self, sign: &str) -> bool {
        self.skip_blanks();
        let found = sign.chars().enumerate().all(|(offset, letter)| self.text.get(self.at + offset) == Some(&letter));
        if found {
            self.at += sign.chars().count();
        }
        found
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let taken: String = self.text[self.at..].iter().take_while(|letter| wanted(**letter)).collect();
        self.at += taken.chars().count();
        taken
    }

    fn wrong(&self, expected: &str) -> BadCondition {
        let found = self.peek().map_or("the end".to_owned(), |letter| format!("`{letter}`"));
        self.error(format!("expected {expected}, found {found}"))
    }

    fn error(&self, reason: String) -> BadCondition {
        BadCondition { position: self.at + 1, reason }
    }
}
