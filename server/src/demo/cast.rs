//! Who plays: names, roles, models, skills and teams for any number of agents, always the same ones in the same order.
//! Never what they do.

/// One agent's place in the fleet. Parents come before their children.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub name: String,
    pub role: &'static str,
    pub model: &'static str,
    pub skills: &'static [&'static str],
    pub tier: u8,
    /// The place of its parent in the cast.
    pub parent: Option<usize>,
}

struct Team {
    lead: Seat,
    members: &'static [Seat],
}

struct Seat {
    title: &'static str,
    role: &'static str,
    skills: &'static [&'static str],
}

const fn seat(title: &'static str, role: &'static str, skills: &'static [&'static str]) -> Seat {
    Seat { title, role, skills }
}

const TEAMS: [Team; 5] = [
    Team {
        lead: seat("Release Captain", "team lead", &["plan-release", "write-changelog", "assign-work"]),
        members: &[
            seat(
                "Frontend Builder",
                "frontend engineer",
                &["build-ui", "fix-layout", "write-css", "audit-a11y", "test-ui"],
            ),
            seat("Backend Builder", "backend engineer", &["design-api", "write-migration", "profile-query"]),
            seat("QA Runner", "test engineer", &["run-suite", "file-bug"]),
        ],
    },
    Team {
        lead: seat("Growth Lead", "team lead", &["set-goals", "review-campaign"]),
        members: &[
            seat("SEO Agent", "search specialist", &["generate-seo-page", "audit-seo-page", "monitor-rankings"]),
            seat("Ad Copy Writer", "copywriter", &["write-ad", "write-landing-page"]),
            seat("Market Researcher", "researcher", &["search-web", "summarise", "compare-prices"]),
        ],
    },
    Team {
        lead: seat("Support Lead", "team lead", &["route-ticket", "escalate"]),
        members: &[
            seat("Ticket Triage", "support agent", &["classify-ticket", "draft-reply"]),
            seat("Refund Desk", "support agent", &["check-order", "refund"]),
        ],
    },
    Team {
        lead: seat("Data Lead", "team lead", &["plan-report", "review-numbers"]),
        members: &[
            seat("Pipeline Keeper", "data engineer", &["load-table", "repair-job"]),
            seat("Forecaster", "analyst", &["forecast", "explain-variance"]),
            seat("Dashboard Writer", "analyst", &["draw-chart", "write-query"]),
        ],
    },
    Team {
        lead: seat("Security Lead", "team lead", &["triage-alert", "write-advisory"]),
        members: &[
            seat("Dependency Watcher", "security analyst", &["scan-dependencies", "open-patch"]),
            seat("Log Reader", "security analyst", &["search-logs", "correlate"]),
            seat("Access Reviewer", "security analyst", &["review-access"]),
            seat("Phishing Desk", "security analyst", &["inspect-mail", "warn-user"]),
        ],
    },
];

const SOLO: Seat = seat("Billing Auditor", "auditor", &["match-invoices", "flag-anomaly"]);

const MODELS: [&str; 5] = [
    "anthropic:claude-sonnet-4-6",
    "openai:gpt-4o",
    "anthropic:claude-haiku-4-5",
    "google:gemini-2.5-pro",
    "mistral:large-2",
];

const CITIES: [&str; 24] = [
    "Vancouver",
    "Lagos",
    "Oslo",
    "Lima",
    "Osaka",
    "Porto",
    "Nairobi",
    "Austin",
    "Gdansk",
    "Pune",
    "Quito",
    "Turin",
    "Hanoi",
    "Leeds",
    "Dakar",
    "Malmo",
    "Perth",
    "Cusco",
    "Basel",
    "Izmir",
    "Recife",
    "Tampa",
    "Busan",
    "Accra",
];

/// How many city teams stand under one region, when there are more than that.
const TEAMS_IN_A_REGION: usize = 8;
const FIRST: usize = 12;

/// The first twelve are three teams and an auditor; after them come the same kinds of teams in city after city.
pub fn cast(size: usize) -> Vec<Part> {
    let mut parts = Vec::with_capacity(size.max(FIRST));
    for team in &TEAMS[..3] {
        enter(
            &mut parts,
            team,
            None,
            |title| if title == "SEO Agent" { "Vancouver SEO Agent".into() } else { title.into() },
        );
    }
    push(&mut parts, &SOLO, SOLO.title.into(), None);
    let regions = size > FIRST + TEAMS_IN_A_REGION * 4;
    for number in 0.. {
        if parts.len() >= size {
            break;
        }
        let (city, round) = (CITIES[number % CITIES.len()], number / CITIES.len());
        let named = |title: &str| match round {
            0 => format!("{city} {title}"),
            round => format!("{city} {title} {}", round + 1),
        };
        let region = number / TEAMS_IN_A_REGION;
        if regions && number % TEAMS_IN_A_REGION == 0 {
            let seat = seat("Region", "coordinator", &["plan-region", "report"]);
            push(&mut parts, &seat, format!("Region {} Coordinator", region + 1), None);
        }
        let parent = regions.then(|| parts.iter().rposition(|part| part.role == "coordinator")).flatten();
        enter(&mut parts, &TEAMS[number % TEAMS.len()], parent, named);
    }
    parts.truncate(size);
    parts
}

fn enter(parts: &mut Vec<Part>, team: &Team, parent: Option<usize>, named: impl Fn(&str) -> String) {
    let lead = parts.len();
    push(parts, &team.lead, named(team.lead.title), parent);
    team.members.iter().for_each(|member| push(parts, member, named(member.title), Some(lead)));
}

fn push(parts: &mut Vec<Part>, seat: &Seat, name: String, parent: Option<usize>) {
    let place = parts.len();
    let tier = if seat.role == "team lead" || seat.role == "coordinator" { 3 } else { 1 + (place % 2) as u8 };
    let model = MODELS[(place * 7 / 3) % MODELS.len()];
    parts.push(Part { name, role: seat.role, model, skills: seat.skills, tier, parent });
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn any_size_has_distinct_names_and_parents_first() {
        for size in [1, 2, 12, 13, 60, 200, 10_000] {
            let parts = cast(size);
            assert_eq!(parts.len(), size);
            let names: HashSet<_> = parts.iter().map(|part| &part.name).collect();
            assert_eq!(names.len(), size, "{size}");
            assert!(parts.iter().enumerate().all(|(place, part)| part.parent.is_none_or(|parent| parent < place)));
        }
        assert_eq!(cast(200)[..12], cast(12)[..]);
        assert_eq!(cast(12)[5].name, "Vancouver SEO Agent");
    }
}
