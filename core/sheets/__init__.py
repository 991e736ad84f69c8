"""Tables in files that people send: encoding and separator found out, rows one by one."""
