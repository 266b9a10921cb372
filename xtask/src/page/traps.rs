//! Takes the last words out of the linked program: what is said before it ends by an error, and with that all that only
//! those words need. A trap is a trap, with words or without, and `shell/shell.js` tells the person. Never changes what
//! a program does that does not end.
//!
//! A fifth of a page is the writing of messages that its developers read in the debug build. The compiler leaves them
//! out only with a standard library of one's own; the linker's notes are enough: a call that never comes back is
//! followed by `unreachable`, so both, and what was only prepared for the call, become one `unreachable`. The bytes stay
//! where they are (as `nop`), so every other note of the linker stays true. What nobody leads to then is left behind
//! when the program is cut.

use std::collections::HashSet;
use std::ops::Range;

use anyhow::{Context, Result};
use wasmparser::{BinaryReader, FunctionBody, KnownCustom, Operator, Parser, Payload, RelocSectionReader, TypeRef};

use super::leb;

const UNREACHABLE: u8 = 0x00;
const NOP: u8 = 0x01;

/// These end by an error that JavaScript may catch: that is no trap.
const THROWN: [&str; 2] = ["__wbindgen_throw", "__wbindgen_rethrow"];
/// Exports of a crate that the page links and never uses: streams from Rust to JavaScript.
const UNUSED: [&str; 2] = ["intounderlying", "__wbg_intounderlying"];

pub fn silenced(mut program: Vec<u8>) -> Result<Vec<u8>> {
    let read = Program::read(&program)?;
    let endless = read.never_come_back();
    let mut emptied = Vec::new();
    for (function, body) in (read.imported..).zip(&read.bodies) {
        match read.unused.contains(&function) {
            true => emptied.push(body.inside()),
            false => emptied.extend(body.ends(&endless)),
        }
    }
    let notes = read.notes.kept(&program, read.code_start, &emptied)?;
    for range in emptied {
        program[range.clone()].fill(NOP);
        program[range.start] = UNREACHABLE;
    }
    Ok([&program[..read.notes.section.start], &notes, &program[read.notes.section.end..]].concat())
}

struct Program {
    imported: u32,
    thrown: HashSet<u32>,
    unused: Vec<u32>,
    bodies: Vec<Body>,
    code_start: usize,
    notes: Notes,
}

struct Body {
    steps: Vec<(Range<usize>, Step)>,
    returns: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Ends where the next step begins, and leaves nothing behind once the program has ended.
    Plain,
    Call(u32),
    Other,
}

impl Program {
    fn read(program: &[u8]) -> Result<Self> {
        let (mut imported, mut thrown, mut unused, mut bodies) = (0, HashSet::new(), Vec::new(), Vec::new());
        let (mut code_start, mut notes) = (0, None);
        for payload in Parser::new(0).parse_all(program) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        let import = import?;
                        if let TypeRef::Func(_) = import.ty {
                            if THROWN.iter().any(|name| import.name.starts_with(name)) {
                                thrown.insert(imported);
                            }
                            imported += 1;
                        }
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        let export = export?;
                        if UNUSED.iter().any(|start| export.name.starts_with(start)) {
                            unused.push(export.index);
                        }
                    }
                }
                Payload::CodeSectionStart { range, .. } => code_start = range.start,
                Payload::CodeSectionEntry(body) => bodies.push(Body::read(&body)?),
                Payload::CustomSection(section) if section.name() == "reloc.CODE" => {
                    let range = section.range();
                    if let KnownCustom::Reloc(reader) = section.as_known() {
                        notes = Some(Notes::read(&reader, program, range)?);
                    }
                }
                _ => {}
            }
        }
        let notes = notes.context("the linker left no notes: link with --emit-relocs")?;
        Ok(Self { imported, thrown, unused, bodies, code_start, notes })
    }

    fn body(&self, function: u32) -> Option<&Body> {
        self.bodies.get(function.checked_sub(self.imported)? as usize)
    }

    /// Functions that do not come back, and throw nothing instead.
    fn never_come_back(&self) -> HashSet<u32> {
        let bodies = (self.imported..).zip(&self.bodies);
        let mut endless: HashSet<u32> =
            bodies.filter(|(_, body)| !body.returns).map(|(function, _)| function).collect();
        let mut throwing = self.thrown.clone();
        loop {
            let leads = |body: &Body| body.calls().any(|call| throwing.contains(&call));
            let throws = |function: &u32| !throwing.contains(function) && self.body(*function).is_some_and(leads);
            let more: Vec<u32> = endless.iter().copied().filter(throws).collect();
            if more.is_empty() {
                endless.retain(|function| !throwing.contains(function));
                return endless;
            }
            throwing.extend(more);
        }
    }
}

impl Body {
    fn read(body: &FunctionBody<'_>) -> Result<Self> {
        let mut reader = body.get_operators_reader()?;
        let (mut steps, mut depth, mut returns, mut is_dead) = (Vec::new(), 0, false, false);
        while !reader.eof() {
            let start = reader.original_position();
            let operator = reader.read()?;
            match &operator {
                Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => depth += 1,
                Operator::End if depth > 0 => depth -= 1,
                Operator::End => returns |= !is_dead,
                Operator::Return => returns = true,
                Operator::Br { relative_depth } | Operator::BrIf { relative_depth } => {
                    returns |= *relative_depth == depth
                }
                Operator::BrTable { targets } => {
                    returns |= targets.default() == depth;
                    for target in targets.targets() {
                        returns |= target? == depth;
                    }
                }
                _ => {}
            }
            is_dead = matches!(operator, Operator::Unreachable);
            steps.push((start..reader.original_position(), Step::of(&operator)));
        }
        Ok(Self { steps, returns })
    }

    fn calls(&self) -> impl Iterator<Item = u32> {
        self.steps.iter().filter_map(|(_, step)| match step {
            Step::Call(function) => Some(*function),
            _ => None,
        })
    }

    /// Each from where only the end is prepared, up to the call that does not come back.
    fn ends(&self, endless: &HashSet<u32>) -> impl Iterator<Item = Range<usize>> {
        let is_end = |step: &Step| matches!(step, Step::Call(function) if endless.contains(function));
        let ends = self.steps.iter().enumerate().filter(move |(_, (_, step))| is_end(step));
        ends.map(|(at, (call, _))| {
            let prepared = self.steps[..at].iter().rev().take_while(|(_, step)| *step == Step::Plain).count();
            self.steps[at - prepared].0.start..call.end
        })
    }

    /// All but the `end` that closes it.
    fn inside(&self) -> Range<usize> {
        let last = self.steps.last().map_or(0, |(range, _)| range.start);
        self.steps.first().map_or(last, |(range, _)| range.start)..last
    }
}

impl Step {
    fn of(operator: &Operator<'_>) -> Self {
        use Operator as It;
        match operator {
            It::Call { function_index } => Self::Call(*function_index),
            It::CallIndirect { .. } | It::Unreachable | It::Return => Self::Other,
            It::Block { .. } | It::Loop { .. } | It::If { .. } | It::Else | It::End => Self::Other,
            It::Br { .. } | It::BrIf { .. } | It::BrTable { .. } => Self::Other,
            It::MemoryGrow { .. } | It::MemoryCopy { .. } | It::MemoryFill { .. } | It::TableGrow { .. } => Self::Other,
            _ => Self::Plain,
        }
    }
}

/// Where in the code something stands that the linker put there.
struct Notes {
    /// The whole section, with its name and length.
    section: Range<usize>,
    target: u32,
    entries: Vec<(Range<usize>, u32)>,
}

impl Notes {
    fn read(reader: &RelocSectionReader<'_>, program: &[u8], content: Range<usize>) -> Result<Self> {
        let mut entries: Vec<(Range<usize>, u32)> = Vec::new();
        for entry in reader.entries().into_iter_with_offsets() {
            let (start, entry) = entry?;
            if let Some((last, _)) = entries.last_mut() {
                last.end = start;
            }
            entries.push((start..content.end, entry.offset));
        }
        // Before the content stand the section's number and its length.
        let length = (1..=5).find(|digits| {
            let mut reader = BinaryReader::new(&program[content.start - digits..content.start], 0);
            program[content.start - digits - 1] == 0
                && reader.read_var_u32().is_ok_and(|length| length as usize == content.len())
                && reader.eof()
        });
        let digits = length.context("the linker's notes have no length")?;
        Ok(Self { section: content.start - digits - 1..content.end, target: reader.section_index(), entries })
    }

    /// The section again, without the notes about what was emptied.
    fn kept(&self, program: &[u8], code_start: usize, emptied: &[Range<usize>]) -> Result<Vec<u8>> {
        let is_kept = |offset: u32| {
            let place = code_start + offset as usize;
            let after = emptied.partition_point(|range| range.end <= place);
            emptied.get(after).is_none_or(|range| place < range.start)
        };
        let kept: Vec<_> = self.entries.iter().filter(|(_, offset)| is_kept(*offset)).collect();
        let mut content = Vec::new();
        leb::write(&mut content, "reloc.CODE".len());
        content.extend_from_slice(b"reloc.CODE");
        leb::write(&mut content, self.target as usize);
        leb::write(&mut content, kept.len());
        kept.iter().for_each(|(range, _)| content.extend_from_slice(&program[range.clone()]));
        Ok(leb::section(0, &content))
    }
}

#[cfg(test)]
mod tests;
