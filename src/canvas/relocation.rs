//! What is asked of the server for a move, and the move back. Never where it goes (`landing`).

use serde_json::{Value, json};

use super::landing::Landing;
use crate::api::{Api, ApiError};

pub async fn tell(api: &Api, landing: &Landing) -> Result<(), ApiError> {
    let mut patch = match landing.says_place {
        true => json!({ "x": landing.at.x, "y": landing.at.y }),
        false => json!({}),
    };
    if landing.is_nesting() {
        patch["parent_id"] = landing.parent.as_ref().map_or(Value::Null, |(id, _)| json!(id));
    }
    for (id, at) in &landing.around {
        api.update_workspace(id, &json!({ "x": at.x, "y": at.y })).await?;
    }
    api.update_workspace(&landing.id, &patch).await?;
    for (id, at, _) in &landing.inside {
        api.update_workspace(id, &json!({ "x": at.x, "y": at.y })).await?;
    }
    Ok(())
}

pub fn back(landing: &Landing) -> Landing {
    let inside = landing.inside.iter().map(|(id, at, stood)| (id.clone(), *stood, *at)).collect();
    let (parent, parent_before) = (landing.parent_before.clone(), landing.parent.clone());
    // Those around stay where they say.
    Landing {
        parent,
        parent_before,
        at: landing.stood,
        stood: landing.at,
        inside,
        around: Vec::new(),
        ..landing.clone()
    }
}

pub fn words(landing: &Landing) -> String {
    match &landing.parent {
        Some((_, team)) if landing.is_nesting() => format!("“{}” is now in “{team}”", landing.name),
        None if landing.is_nesting() => format!("“{}” left its team", landing.name),
        _ => format!("Moved “{}”", landing.name),
    }
}
