//! Conditions as people write them, and the laws over any of them. Never a server.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;

fn variables() -> Variables {
    let values =
        json!({ "env": "prod", "count": 3, "ok": true, "deep": { "name": "x", "list": [1, 2] }, "none": null });
    Variables::new(values.as_object().unwrap().clone())
}

#[test]
fn conditions_answer_as_they_read() {
    for (text, answer) in [
        ("true", true),
        (" false ", false),
        ("${ok}", true),
        ("!${ok}", false),
        ("!!${ok}", true),
        ("${env} == 'prod'", true),
        ("${env} != \"prod\"", false),
        ("${count} > 2 && ${count} < 4", true),
        ("${count} == 3.0", true),
        ("${count} == '3'", false),
        ("${count} < -1 || ${env} == 'prod'", true),
        ("true || false && false", true),
        ("(true || false) && false", false),
        ("!(1 > 2)", true),
        ("!true == false", true),
        ("'a' < 'b'", true),
        ("${deep.name} == 'x'", true),
        ("${deep.list.1} == 2", true),
        ("${none} == null", true),
        ("false && ${unset}", false),
        ("true || ${unset}", true),
        (r#""a\"bA" == 'a"bA'"#, true),
    ] {
        assert_eq!(Condition::read(text).unwrap().holds(&variables()), Ok(answer), "{text}");
    }
}

#[test]
fn what_cannot_be_read_is_named_with_its_place() {
    for (text, error) in [
        ("", "at character 1: expected a value, found the end"),
        ("true &&", "at character 8: expected a value, found the end"),
        ("true false", "at character 6: expected the end, `&&` or `||`, found `f`"),
        ("(true", "at character 6: expected `)`, found the end"),
        ("${a", "at character 1: `${` is never closed by `}`"),
        ("${}", "at character 1: a variable needs a name"),
        ("$a", "at character 1: a variable is written as ${name}"),
        ("${a} == 'x", "at character 9: the text is never closed by '"),
        ("1 <= 2", "at character 4: `<=` is not known; there are == != < >"),
        ("1 == 2 == 3", "at character 8: expected the end, `&&` or `||`, found `=`"),
        ("1.2.3 > 1", "at character 1: \"1.2.3\" is not a number"),
        ("prod == 1", "at character 1: \"prod\" is not known; text is written in quotes, a variable as ${prod}"),
    ] {
        assert_eq!(Condition::read(text).unwrap_err().to_string(), error, "{text}");
    }
    let deep = format!("{}true{}", "(".repeat(5000), ")".repeat(5000));
    assert!(Condition::read(&deep).unwrap_err().reason.contains("longer"));
    assert!(Condition::read(&format!("{}true", "!".repeat(2000))).unwrap_err().reason.contains("deeper"));
}

#[test]
fn what_has_no_answer_says_why() {
    for (text, error) in [
        ("${unset} == 1", "the variable `unset` is not set"),
        ("${deep.other}", "the variable `deep.other` is not set"),
        ("${count}", "expected true or false, found 3"),
        ("!'x'", "expected true or false, found \"x\""),
        ("1 < 'x'", "cannot order 1 and \"x\": both must be numbers, or both text"),
    ] {
        assert_eq!(Condition::read(text).unwrap().holds(&variables()).unwrap_err().to_string(), error, "{text}");
    }
}

fn any_condition() -> impl Strategy<Value = Condition> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(|it| Condition::Literal(Value::Bool(it))),
        any::<i32>().prop_map(|it| Condition::Literal(it.into())),
        ".{0,8}".prop_map(|it| Condition::Literal(Value::String(it))),
        "[a-z][a-z0-9_.]{0,6}".prop_map(Condition::Variable),
    ];
    leaf.prop_recursive(4, 24, 2, |inner| {
        let comparison =
            prop::sample::select(&[Comparison::Equal, Comparison::Unequal, Comparison::Less, Comparison::Greater][..]);
        prop_oneof![
            inner.clone().prop_map(|it| Condition::Not(Box::new(it))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Condition::And(Box::new(a), Box::new(b))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Condition::Or(Box::new(a), Box::new(b))),
            (inner.clone(), comparison, inner).prop_map(|(a, sign, b)| Condition::Compare(
                Box::new(a),
                sign,
                Box::new(b)
            )),
        ]
    })
}

proptest! {
    #[test]
    fn a_condition_reads_back_as_written(condition in any_condition()) {
        prop_assert_eq!(Condition::read(&condition.to_string()), Ok(condition));
    }

    #[test]
    fn no_text_breaks_the_reader(text in ".{0,60}", pieces in "[-0-9a-z${}()!&|=<>'\" .\\\\]{0,60}") {
        for text in [text, pieces] {
            if let Err(error) = Condition::read(&text) {
                prop_assert!((1..=text.chars().count() + 1).contains(&error.position), "{error}");
            }
        }
    }

    #[test]
    fn not_turns_every_answer(condition in any_condition()) {
        let variables = Variables::new(Map::new());
        let turned = Condition::Not(Box::new(condition.clone())).holds(&variables);
        prop_assert_eq!(condition.holds(&variables).map(|answer| !answer), turned);
    }
}
