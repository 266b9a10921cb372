//! What texts are filled with, and where that ends.

use super::*;

#[test]
fn values_in_a_body_keep_their_type() {
    let mut variables = Variables::new(json!({ "n": 2, "none": null }).as_object().unwrap().clone());
    variables.record_output("Ask v1.2", &json!({ "text": "done" }));
    variables.record_no_output("left out");
    let body = json!(["${n}", "n=${n}", 7, "${none}", "${steps.left out.output.text}", "$${n}", "${n} ${n}"]);
    let filled = json!([2, "n=2", 7, null, null, "${n}", "2 2"]);
    assert_eq!(variables.expansion(Undeclared::Refused).json(&body), Ok(filled));
    assert_eq!(variables.fill("<${steps.Ask v1.2.output.text}>").as_deref(), Ok("<done>"));
}

#[test]
fn what_is_no_variable_is_refused_in_urls_and_bodies() {
    let variables = Variables::new(Map::new());
    let refused = |text: &str| variables.expansion(Undeclared::Refused).json(&json!({ "a": [text] }));
    assert_eq!(refused("${nope}"), Err(BadText::Unset("nope".into())));
    assert_eq!(refused("x ${nope}"), Err(BadText::Unset("nope".into())));
    assert_eq!(refused("${nope"), Err(BadText::Unclosed));
}

#[test]
fn an_escaped_text_is_filled_to_itself() {
    let variables = Variables::new(json!({ "x": "value" }).as_object().unwrap().clone());
    for text in ["", "${x}", "$${x}", "$$$${x}", "${", "${${x}}", "a $ b", "$ {x} ${ x }$"] {
        assert_eq!(variables.fill(&Variables::escape(text)).as_deref(), Ok(text));
    }
}

#[test]
fn many_openings_are_read_in_one_pass() {
    let variables = Variables::new(Map::new());
    let text = "${".repeat(MAX_EXPANDED / 2);
    assert_eq!(variables.fill(&text).as_deref(), Ok(&*text));
}

#[test]
fn an_expansion_ends_at_its_limit() {
    let x = "x".repeat(200 * 1024);
    let variables = Variables::new(json!({ "x": x, "list": [x] }).as_object().unwrap().clone());
    let expansion = || variables.expansion(Undeclared::Refused);
    for bomb in ["${x}".repeat(20_000), "${list}".repeat(6)] {
        assert_eq!(variables.fill(&bomb), Err(BadText::TooLarge));
        assert_eq!(expansion().json(&json!({ "a": [bomb] })), Err(BadText::TooLarge));
    }
    assert_eq!(expansion().json(&json!(vec!["${x}"; 6])), Err(BadText::TooLarge));
    assert_eq!(expansion().json(&json!(vec!["${list}"; 6])), Err(BadText::TooLarge));
    assert_eq!(variables.fill(&"${x}".repeat(5)).map(|text| text.len()), Ok(1000 * 1024));
    // The limit holds for all texts of a step together.
    let mut expansion = expansion();
    assert!(expansion.text(&"${x}".repeat(3)).is_ok());
    assert_eq!(expansion.json(&json!("${x}${x}${x}")), Err(BadText::TooLarge));
}
