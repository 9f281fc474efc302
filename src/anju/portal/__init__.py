"""What a resident sees and does: the own relations and cases, applications, wishes. Only the own ones."""
