"""What a log says: measures of one replication, estimates across replications, closed forms to check against."""
