//! The folder that holds the database: who may read it, which server uses it, and whether a log was here before.

use std::fs::{DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::log::LogError;

pub(in crate::log) const DATABASE: &str = "orrery.db";
/// Holds the epoch of the log beside it, so that a missing or empty database is not mistaken for a first start.
const EPOCH: &str = "orrery.epoch";
const LOCK: &str = "orrery.lock";

const PRIVATE_FOLDER: u32 = 0o700;
const PRIVATE_FILE: u32 = 0o600;

/// A locked folder. The lock ends with this value.
pub(super) struct Folder {
    path: PathBuf,
    /// The folder itself is locked, because a file in it can be deleted and made again; the lock file too, because earlier
    /// versions look at that alone.
    _locks: [File; 2],
}

/// What a server finds when it starts.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    Database,
    /// Neither a database nor a trace of one.
    Nothing,
}

impl Folder {
    /// Creates the folder if it is missing, and refuses when another server uses it.
    pub(super) fn lock(path: &Path) -> Result<Self, LogError> {
        let at = |error| LogError::Folder(path.to_owned(), error);
        create_private(path).map_err(at)?;
        let folder = File::open(path).map_err(at)?;
        match folder.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LogError::InUse(path.to_owned())),
            // Some network file systems cannot lock a folder; the lock file still works there.
            Err(TryLockError::Error(error)) => tracing::warn!(%error, "the folder of the log cannot be locked"),
        }
        let file = private().create(true).truncate(false).open(path.join(LOCK)).map_err(at)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _locks: [folder, file] }),
            Err(TryLockError::WouldBlock) => Err(LogError::InUse(path.to_owned())),
            Err(TryLockError::Error(error)) => Err(at(error)),
        }
    }

    pub(super) fn database(&self) -> PathBuf {
        self.path.join(DATABASE)
    }

    /// Where a new database is made; it gets its name when it is complete.
    pub(super) fn draft(&self) -> PathBuf {
        self.path.join(format!("{DATABASE}.new"))
    }

    /// Returns what is here, or an error when a log was here and is gone.
    pub(super) fn look(&self) -> Result<Found, LogError> {
        let database = self.database();
        let length = match database.metadata() {
            Ok(file) => Some(file.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(LogError::Folder(database, error)),
        };
        if length.is_some_and(|length| length > 0) {
            return Ok(Found::Database);
        }
        let traces = [self.path.join(EPOCH), self.path.join(format!("{DATABASE}-wal"))];
        let holds_something = |path: &&PathBuf| path.metadata().is_ok_and(|file| file.len() > 0);
        match (length, traces.iter().find(holds_something)) {
            (None, None) => Ok(Found::Nothing),
            (None, Some(trace)) => Err(LogError::Missing { database, trace: trace.clone() }),
            (Some(_), _) => Err(self.without_log()),
        }
    }

    /// The database is there, but there is no log in it.
    pub(super) fn without_log(&self) -> LogError {
        LogError::WithoutLog { database: self.database(), epoch: self.path.join(EPOCH) }
    }

    /// An empty file for a new database, whatever an earlier attempt left.
    pub(super) fn begin_draft(&self) -> Result<PathBuf, LogError> {
        let draft = self.draft();
        for left in [draft.clone(), self.path.join(format!("{DATABASE}.new-journal"))] {
            match std::fs::remove_file(&left) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(LogError::Folder(left, error)),
                _ => {}
            }
        }
        create_private_file(&draft).map_err(|error| LogError::Folder(draft.clone(), error))?;
        Ok(draft)
    }

    /// The new database is complete.
    pub(super) fn finish_draft(&self) -> Result<(), LogError> {
        std::fs::rename(self.draft(), self.database()).and_then(|()| self.sync()).map_err(|error| self.failed(error))
    }

    /// Only this user reads the database, also one that was copied here. SQLite gives its other files the same mode.
    pub(super) fn make_private(&self) {
        for file in ["", "-wal", "-shm"].map(|end| self.path.join(format!("{DATABASE}{end}"))) {
            let made = std::fs::set_permissions(&file, Permissions::from_mode(PRIVATE_FILE));
            if let Err(error) = made.or_else(|error| if file.exists() { Err(error) } else { Ok(()) }) {
                tracing::warn!(file = %file.display(), %error, "others may be able to read the log");
            }
        }
    }

    /// From now on a missing database is an error.
    pub(super) fn remember(&self, epoch: &str) -> Result<(), LogError> {
        let (path, line) = (self.path.join(EPOCH), format!("{epoch}\n"));
        if std::fs::read_to_string(&path).is_ok_and(|known| known == line) {
            return Ok(());
        }
        let draft = self.path.join(format!("{EPOCH}.new"));
        let write = || {
            let mut file = private().create(true).truncate(true).open(&draft)?;
            file.write_all(line.as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&draft, &path)?;
            self.sync()
        };
        write().map_err(|error| self.failed(error))
    }

    /// Names are as durable as what they name.
    fn sync(&self) -> io::Result<()> {
        File::open(&self.path)?.sync_all()
    }

    fn failed(&self, error: io::Error) -> LogError {
        LogError::Folder(self.path.clone(), error)
    }
}

/// Creates an empty file that only this user reads, whatever the umask is.
pub(super) fn create_private_file(path: &Path) -> io::Result<()> {
    let file = private().create_new(true).open(path)?;
    file.set_permissions(Permissions::from_mode(PRIVATE_FILE))
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).mode(PRIVATE_FILE);
    options
}

/// A folder that is there keeps the mode that its owner gave it.
fn create_private(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(PRIVATE_FOLDER).create(path)?;
    std::fs::set_permissions(path, Permissions::from_mode(PRIVATE_FOLDER))
}
