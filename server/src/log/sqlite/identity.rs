//! Notices when the files of the database are deleted or replaced while they are open: what is written then goes into a
//! file without a name, and is lost with the process.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::log::LogError;

/// The files that an acknowledged event may be in. The third, `-shm`, tells connections where in them it is.
const FILES: [&str; 3] = ["", "-wal", "-shm"];

/// Which files the connections of this server have open.
pub(super) struct Identity(Vec<(PathBuf, Inode)>);

#[derive(Debug, PartialEq, Eq)]
struct Inode {
    device: u64,
    number: u64,
}

impl Identity {
    /// Looks at a database that is open and was read once, so that all of its files are there.
    pub(super) fn of(database: &Path) -> Result<Self, LogError> {
        let files = FILES.iter().map(|end| {
            let mut path = database.as_os_str().to_owned();
            path.push(end);
            let path = PathBuf::from(path);
            let inode = path.metadata().map(Inode::of).map_err(|error| LogError::Folder(path.clone(), error))?;
            Ok((path, inode))
        });
        Ok(Self(files.collect::<Result<_, LogError>>()?))
    }

    /// Returns an error unless each name still names the file that is open.
    pub(super) fn check(&self) -> Result<(), LogError> {
        match self.0.iter().find(|(path, inode)| !path.metadata().is_ok_and(|file| Inode::of(file) == *inode)) {
            None => Ok(()),
            Some((path, _)) => Err(LogError::Lost(path.clone())),
        }
    }
}

impl Inode {
    fn of(file: Metadata) -> Self {
        Self { device: file.dev(), number: file.ino() }
    }
}
