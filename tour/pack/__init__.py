"""The archive for a room without internet."""
