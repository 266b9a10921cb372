//! The first script of the page, which loads the program. It is a file because the content policy of the server forbids inline scripts.

/// Written by the build because it names hashed files; what trunk writes in its place sends the same event.
pub fn script(bindings: &str, wasm: &str) -> String {
    format!(
        "import start from './{bindings}';\n\
         await start({{ module_or_path: new URL('./{wasm}', import.meta.url) }});\n\
         dispatchEvent(new Event('TrunkApplicationStarted'));\n\
         {RELOAD}"
    )
}

/// `cargo xtask run` shows each change of the sources; trunk adds a script of its own.
const RELOAD: &str = if cfg!(feature = "release") { "" } else { include_str!("reload.js") };
