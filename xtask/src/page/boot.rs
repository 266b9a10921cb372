//! The page's first module: loads the program and tells the shell how that went. Never inline: the server's content policy forbids it.

/// Written by the build because it names hashed files; what trunk writes in its place sends the same event.
pub fn script(bindings: &str, wasm: &str) -> String {
    format!(
        "import start from './{bindings}';\n\
         await start({{ module_or_path: new URL('./{wasm}', import.meta.url) }});\n\
         dispatchEvent(new Event('TrunkApplicationStarted'));\n"
    )
}
