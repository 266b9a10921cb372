//! Measures the colours of the tokens: AA contrast in both themes, and statuses that differ for colour-blind people.

use std::collections::HashMap;

const STATUSES: [&str; 5] = ["provisioning", "online", "degraded", "offline", "failed"];
const SURFACES: [&str; 3] = ["surface-0", "surface-1", "surface-2"];
/// WCAG 2: text, and marks that carry meaning.
const TEXT: f64 = 4.5;
const MARK: f64 = 3.0;
/// In Oklab, where 0.02 is just noticeable: far more than that, since marks are small and far apart.
const APART: f64 = 0.07;

type Rgb = [f64; 3];
type Theme = HashMap<String, Rgb>;

#[test]
fn text_and_marks_have_aa_contrast() {
    let mut short = Vec::new();
    for (theme, colours) in themes() {
        for (front, back, least) in pairs() {
            let ratio = contrast(colours[&front], colours[&back]);
            if ratio < least {
                short.push(format!("{theme}: {front} on {back} is {ratio:.2}, below {least}"));
            }
        }
    }
    assert!(short.is_empty(), "\n{}", short.join("\n"));
}

#[test]
fn statuses_differ_for_colour_blind_people() {
    let mut close = Vec::new();
    for (theme, colours) in themes() {
        for (eyes, matrix) in EYES {
            for (index, one) in STATUSES.iter().enumerate() {
                for other in &STATUSES[index + 1..] {
                    let seen = |name: &str| oklab(through(&matrix, colours[name]));
                    let distance = distance(seen(one), seen(other));
                    if distance < APART {
                        close.push(format!("{theme}, {eyes}: {one} and {other} are {distance:.3} apart"));
                    }
                }
            }
        }
    }
    assert!(close.is_empty(), "\n{}", close.join("\n"));
}

/// The table of visual weights in `tokens.css`, the loudest first, with the outline's width in pixels.
const NEEDS: [(&str, f64); 6] =
    [("failed", 2.0), ("degraded", 2.0), ("stuck", 2.0), ("provisioning", 1.5), ("working", 1.0), ("healthy", 1.0)];
/// A tile of the middle distance, a block from far away, and the least block with an outline, in pixels.
const TILES: [(&str, f64, f64); 3] = [("tile", 90.0, 50.0), ("block", 24.0, 14.0), ("small block", 8.0, 7.0)];
/// The part that the colour of the outline has in a block without one (`LINE_SHARE` in `src/canvas/overview`).
const LINE_SHARE: f64 = 0.4;
/// How much louder, at least, a need is than the next one: a tenth.
const LOUDER: f64 = 1.1;

/// Returns how far a tile stands out from the canvas: the mean distance of its pixels in Oklab.
fn loudness(colours: &Theme, need: &str, line_share: f64) -> f64 {
    let from_canvas = |name: &str| distance(oklab(colours[name]), oklab(colours["surface-0"]));
    let (ground, line) = (from_canvas(&format!("need-{need}")), from_canvas(&format!("need-{need}-line")));
    ground * (1.0 - line_share) + line * line_share
}

#[test]
fn the_greater_the_need_the_louder_the_tile() {
    let mut wrong = Vec::new();
    for (theme, colours) in themes() {
        println!("{theme:<38}{:>8}{:>12}{:>8}", "ground", "outline", "text");
        for (need, _) in NEEDS {
            let ratio = |front: &str, back: &str| contrast(colours[front], colours[back]);
            let [ground, line, text] = ["", "-line", "-text"].map(|part| format!("need-{need}{part}"));
            let (on_canvas, outline, text) =
                (ratio(&ground, "surface-0"), ratio(&line, "surface-0"), ratio(&text, &ground));
            println!("  {need:<12} contrast                {on_canvas:>7.2}{outline:>12.2}{text:>8.2}");
        }
        let outlined = TILES.map(|(tile, width, height)| {
            let line = |line: f64| if width < 12.0 { 1.0 } else { line };
            let share = |width: f64, height: f64, line: f64| {
                1.0 - (width - 2.0 * line) * (height - 2.0 * line) / (width * height)
            };
            (
                tile,
                NEEDS.map(|(need, width_of_line)| loudness(&colours, need, share(width, height, line(width_of_line)))),
            )
        });
        let plain = [("dot", NEEDS.map(|(need, _)| loudness(&colours, need, LINE_SHARE)))];
        for (tile, loudness) in outlined.into_iter().chain(plain) {
            println!("  {tile:<12} loudness  {}", NEEDS.map(|(need, _)| need).join("  "));
            println!("  {:<22}  {}", "", loudness.map(|each| format!("{each:.3}")).join("  "));
            for (at, pair) in loudness.windows(2).enumerate().filter(|(_, pair)| pair[0] < pair[1] * LOUDER) {
                wrong
                    .push(format!("{theme}, {tile}: {} {:.3} is not louder than {:.3}", NEEDS[at].0, pair[0], pair[1]));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn work_is_never_mistaken_for_a_problem() {
    let pairs = [
        ("task", "degraded"),
        ("task-text", "degraded-text"),
        ("need-working", "need-degraded"),
        ("need-working-line", "need-degraded-line"),
        ("need-working", "need-failed"),
        ("need-degraded", "need-failed"),
        ("need-stuck-line", "need-provisioning-line"),
    ];
    let mut close = Vec::new();
    for (theme, colours) in themes() {
        for (one, other) in pairs {
            let apart = EYES.map(|(eyes, matrix)| {
                let seen = |name: &str| oklab(through(&matrix, colours[name]));
                (eyes, distance(seen(one), seen(other)))
            });
            println!(
                "{theme:<6}{one:>24} {other:<24}{}",
                apart.map(|(eyes, apart)| format!("{eyes} {apart:.3}")).join("  ")
            );
            for (eyes, apart) in apart.into_iter().filter(|(_, apart)| *apart < APART) {
                close.push(format!("{theme}, {eyes}: {one} and {other} are {apart:.3} apart"));
            }
        }
    }
    assert!(close.is_empty(), "\n{}", close.join("\n"));
}

#[test]
fn contrast_of_black_and_white_is_21() {
    let [black, grey, white] = [0.0, 0.5, 1.0].map(|lightness| linear(lightness, 0.0, 0.0));
    assert!((contrast(black, white) - 21.0).abs() < 0.01);
    assert!(contrast(grey, white) < contrast(black, white));
    assert!(distance(oklab(linear(0.6, 0.1, 30.0)), oklab(linear(0.6, 0.1, 30.0))) < 1e-6);
}

fn pairs() -> Vec<(String, String, f64)> {
    let mut pairs = Vec::new();
    let mut add = |front: &str, back: &str, least| pairs.push((front.to_owned(), back.to_owned(), least));
    for surface in SURFACES {
        for text in ["text", "text-muted", "text-faint", "accent-text"] {
            add(text, surface, TEXT);
        }
        for mark in ["accent", "line-control"] {
            add(mark, surface, MARK);
        }
        for status in STATUSES {
            add(&format!("{status}-text"), surface, TEXT);
            add(status, surface, MARK);
        }
    }
    for status in STATUSES {
        add(&format!("{status}-text"), &format!("{status}-soft"), TEXT);
        add("text", &format!("{status}-soft"), TEXT);
    }
    for (need, _) in NEEDS.into_iter().chain([("offline", 1.0)]) {
        add(&format!("need-{need}-text"), &format!("need-{need}"), TEXT);
    }
    add("task-text", "task-soft", TEXT);
    add("task-text", "need-working", TEXT);
    for problem in ["failed", "degraded"] {
        add(&format!("need-{problem}"), "surface-0", MARK);
    }
    for outlined in ["stuck", "provisioning"] {
        add(&format!("need-{outlined}-line"), "surface-0", MARK);
    }
    add("accent-text", "accent-soft", TEXT);
    add("text", "accent-soft", TEXT);
    add("on-solid", "accent-solid", TEXT);
    add("on-solid", "failed-solid", TEXT);
    pairs
}

/// `--name: light-dark(oklch(L C H), oklch(L C H))`, or one colour for both.
fn themes() -> [(&'static str, Theme); 2] {
    let sheet = concat!(env!("CARGO_MANIFEST_DIR"), "/../style/tokens.css");
    let sheet = std::fs::read_to_string(sheet).expect("the tokens are there");
    let (mut light, mut dark) = (Theme::new(), Theme::new());
    for line in sheet.lines() {
        let Some((name, value)) = line.trim().strip_prefix("--").and_then(|line| line.split_once(':')) else {
            continue;
        };
        let colours: Vec<Rgb> = value.split("oklch(").skip(1).filter_map(opaque).collect();
        if let (Some(first), Some(last)) = (colours.first(), colours.last()) {
            light.insert(name.to_owned(), *first);
            dark.insert(name.to_owned(), *last);
        }
    }
    [("light", light), ("dark", dark)]
}

fn opaque(text: &str) -> Option<Rgb> {
    let numbers: Result<Vec<f64>, _> = text.split(')').next()?.split_whitespace().map(str::parse).collect();
    match numbers.ok()?[..] {
        [lightness, chroma, hue] => Some(linear(lightness, chroma, hue)),
        _ => None,
    }
}

/// Oklch to linear sRGB, cut at what a screen can show.
fn linear(lightness: f64, chroma: f64, hue: f64) -> Rgb {
    let (a, b) = (chroma * hue.to_radians().cos(), chroma * hue.to_radians().sin());
    let cones = [
        lightness + 0.3963377774 * a + 0.2158037573 * b,
        lightness - 0.1055613458 * a - 0.0638541728 * b,
        lightness - 0.0894841775 * a - 1.2914855480 * b,
    ]
    .map(|root| root.powi(3));
    through(
        &[
            [4.0767416621, -3.3077115913, 0.2309699292],
            [-1.2684380046, 2.6097574011, -0.3413193965],
            [-0.0041960863, -0.7034186147, 1.7076147010],
        ],
        cones,
    )
}

fn oklab(colour: Rgb) -> [f64; 3] {
    let multiply = |matrix: &[[f64; 3]; 3], by: [f64; 3]| matrix.map(|row| dot(row, by));
    let to_cones = [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ];
    let to_lab = [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ];
    multiply(&to_lab, multiply(&to_cones, colour).map(f64::cbrt))
}

fn contrast(one: Rgb, other: Rgb) -> f64 {
    let luminance = |colour: Rgb| dot([0.2126, 0.7152, 0.0722], colour) + 0.05;
    let (one, other) = (luminance(one), luminance(other));
    one.max(other) / one.min(other)
}

fn through(matrix: &[[f64; 3]; 3], colour: Rgb) -> Rgb {
    matrix.map(|row| dot(row, colour).clamp(0.0, 1.0))
}

fn dot(row: [f64; 3], by: [f64; 3]) -> f64 {
    row.iter().zip(by).map(|(one, other)| one * other).sum()
}

fn distance(one: [f64; 3], other: [f64; 3]) -> f64 {
    one.iter().zip(other).map(|(one, other)| (one - other).powi(2)).sum::<f64>().sqrt()
}

/// Machado, Oliveira and Fernandes 2009, at full severity, on linear light.
const EYES: [(&str, [[f64; 3]; 3]); 4] = [
    ("any eyes", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    ("protanopia", [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    ("deuteranopia", [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]),
    ("tritanopia", [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]]),
];
