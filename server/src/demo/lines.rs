//! What they say: tasks by role, questions to each other, errors. Never when.

use super::chance::Chance;

const ANY: [&str; 4] =
    ["Reading the week's notes", "Writing a short summary", "Answering a colleague", "Checking yesterday's work"];

pub fn task(role: &str, chance: &mut Chance) -> &'static str {
    let own: &[&str] = match role {
        "team lead" => {
            &["Planning the next two days", "Reviewing open work", "Writing the weekly report", "Sorting what can wait"]
        }
        "coordinator" => &["Comparing the teams' numbers", "Preparing the monthly review"],
        "frontend engineer" => &["Fixing the checkout layout", "Building the settings page", "Reducing the bundle"],
        "backend engineer" => &["Writing the orders migration", "Profiling a slow query", "Designing the export API"],
        "test engineer" => &["Running the regression suite", "Reproducing bug 4127", "Testing the release candidate"],
        "search specialist" => {
            &["Auditing 40 landing pages", "Writing a page about winter tyres", "Comparing rankings"]
        }
        "copywriter" => &["Drafting three headlines", "Rewriting the pricing page", "Shortening the newsletter"],
        "researcher" => {
            &["Reading competitor price lists", "Summarising twelve articles", "Looking for primary sources"]
        }
        "support agent" => &["Sorting 60 new tickets", "Drafting a reply to order 88213", "Checking a refund"],
        "data engineer" => &["Repairing the nightly load", "Backfilling March", "Partitioning the events table"],
        "analyst" => &["Analyzing quarterly report", "Explaining the dip of Tuesday", "Drawing the retention chart"],
        "security analyst" => &["Reading sign-in logs", "Scanning 312 dependencies", "Reviewing admin access"],
        "auditor" => &["Matching 1,840 invoices", "Following one odd payment"],
        _ => &ANY,
    };
    if chance.one_in(5) { chance.pick(&ANY) } else { chance.pick(own) }
}

pub const QUESTIONS: [(&str, &str); 5] = [
    ("Can you confirm the numbers for the last week?", "Confirmed: 4,218 sessions, 3.1 % more than the week before."),
    ("Is the staging server free this afternoon?", "Yes, from two o'clock. I have reserved it for you."),
    ("Please review my draft.", "Read it. Two small corrections, otherwise good to go."),
    ("Which ticket should come first?", "The one about the double charge: the customer has waited since yesterday."),
    ("Do you have the source of this claim?", "The 2025 annual report, page 14. I attached the paragraph."),
];

pub const ERRORS: [&str; 3] =
    ["anthropic API rate limit exceeded", "upstream timed out after 30 s", "tool search-web returned 503"];

pub const OTHER_MODELS: [&str; 3] = ["openai:gpt-4o", "anthropic:claude-opus-4-1", "google:gemini-2.5-flash"];

pub const HELPERS: [(&str, &str); 3] = [("Sources", "researcher"), ("Figures", "analyst"), ("Draft", "copywriter")];
